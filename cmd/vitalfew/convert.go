package main

import (
	"errors"

	"github.com/spf13/cobra"
	"github.com/vitalfew/vitalfew/pipeline"
)

func newConvertCommand() *cobra.Command {
	var o pipeline.ConvertOptions
	cmd := &cobra.Command{
		Use:   "convert PATH --to FILE",
		Short: "Write what was read as clean CSV or Parquet, all columns",
		Long: `Reads one file (text, XLSX or Parquet) as it comes and writes what was read: RFC 4180, UTF-8, comma, LF, the header first
unless the file has none; or Parquet with text columns, by the ending of FILE. What is merely untidy is
put right, what the columns settle is repaired and named, and what cannot be decided goes to
FILE.rejects.csv with line, byte offset and reason. Every record and byte is accounted for. What the
flags leave open is sniffed.` + "\n" + exitHelp,
		Example: "  vitalfew convert export.txt --to orders.csv\n  vitalfew convert dump.csv --to dump.parquet --delimiter '\\t' --header none",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return &usageError{errors.New("convert: name exactly one file")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.To == "" {
				return &usageError{errors.New("convert: name the file to write in --to")}
			}
			c, err := pipeline.Convert(cmd.Context(), args[0], o)
			if err != nil {
				return err
			}
			return c.WriteText(cmd.OutOrStdout())
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.To, "to", "", "`FILE` to write: .csv or .parquet (required)")
	f.StringVar(&o.Delimiter, "delimiter", "", "what separates fields, up to 8 bytes; \\t, \\0 and 0x1F are understood, blanks are runs of them")
	f.StringVar(&o.Quote, "quote", "", "the quote, one byte, or none")
	f.StringVar(&o.Escape, "escape", "", "the escape, one byte (\\0 is NUL), or none: quotes are doubled")
	f.StringVar(&o.Encoding, "encoding", "", "charset of the text")
	f.StringVar(&o.Header, "header", "auto", "rows of the header: `N`, none, or auto")
	f.StringVar(&o.Preamble, "preamble", "auto", "records before the header, blank lines too: `N`, or auto")
	f.IntVar(&o.Width, "width", 0, "fields of a record")
	f.StringVar(&o.Sheet, "sheet", "", "sheet of an XLSX workbook; else the first with order lines, or the fullest")
	f.StringSliceVar(&o.Columns, "columns", nil, "`NAMES` of the columns, whatever the header says")
	return cmd
}
