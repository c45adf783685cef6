package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
	"github.com/vitalfew/vitalfew/pipeline"
	"golang.org/x/term"
)

// shortlistFlags are the flags of shortlist that are not options of the reading.
type shortlistFlags struct {
	pipeline.ShortlistOptions
	format, to string
	force      bool
}

func newShortlistCommand() *cobra.Command {
	var o shortlistFlags
	cmd := &cobra.Command{
		Use:   "shortlist",
		Short: "Print or export one list of the published run, filtered and sorted",
		Long: `Reads a list of the published run: shortlist (key accounts, best first), develop, rescue, fix-margin,
let-go, all of them, or none: all customers. --where keeps the rows for which a condition is true, over
the columns of customers.parquet and of the list:

    = <> < <= > >=   in (...)   between ... and ...   like 'A%'   is null   and   or   not   ( )

Text and days stand in single quotes, 'North' and '2024-06-30'; yes and no are true and false. What is
unknown is null: it is neither equal nor unequal to anything, so ask for it by is null. Unknown columns
and misspelt conditions are shown with their place and the nearest names.

table is for a terminal and rounds. csv is for people: text that a spreadsheet would run as a formula
gets an apostrophe. json is exact. xlsx has a cover with definitions, cuts and reconciliation and a sheet
per list; text in it is never a formula.` + "\n" + exitHelp,
		Example: `  vitalfew shortlist
  vitalfew shortlist --where "region = 'North' and key_score > 80" --top 20
  vitalfew shortlist --list fix-margin --to fix-margin.xlsx
  vitalfew shortlist --list all --to lists.xlsx --out /srv/vitalfew
  vitalfew shortlist --list none --where "net_sales >= 10.50 and last_day > '2024-01-31'" --sort "net_sales desc" --columns customer_id,name,net_sales --format csv`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd) },
	}
	f := cmd.Flags()
	f.StringVar(&o.List, "list", "shortlist", "shortlist, develop, rescue, fix-margin, let-go, all, or none: all customers")
	f.StringVar(&o.Where, "where", "", "`CONDITION` that rows have to meet")
	f.StringVar(&o.Sort, "sort", "", "`COLUMN`[ desc], ... (default: the order of the list)")
	f.IntVar(&o.Top, "top", 0, "`N` rows of each list at most, after sorting")
	f.StringSliceVar(&o.Columns, "columns", nil, "`NAMES` of the columns to show (default: those of the list)")
	f.StringVar(&o.format, "format", "", "table, csv, json or xlsx (default: by the ending of --to, else table)")
	f.StringVar(&o.to, "to", "", "`FILE` to write instead of the standard output")
	f.BoolVar(&o.force, "force", false, "replace the file of --to where it is there")
	f.StringVar(&o.Out, "out", "vitalfew-out", "output directory")
	f.StringVar(&o.Run, "run", "", "`ID` of the run (default: the published one)")
	return cmd
}

func (o *shortlistFlags) run(cmd *cobra.Command) error {
	format, err := o.chosen()
	if err != nil {
		return &usageError{err}
	}
	o.Workers, o.Brief = runtime.GOMAXPROCS(0), format == "table"
	s, err := pipeline.ReadShortlist(o.ShortlistOptions)
	if err != nil {
		return err
	}
	defer s.Release()
	notes := cmd.OutOrStdout()
	if o.to == "" && format != "table" { // the output is for a program
		notes = cmd.ErrOrStderr()
	}
	defer func() {
		for _, n := range s.Notes {
			fmt.Fprintf(notes, "note: %s\n", n)
		}
	}()
	write := func(w io.Writer) error {
		switch format {
		case "csv":
			return s.WriteCSV(w)
		case "json":
			return s.WriteJSON(w)
		case "xlsx":
			return s.WriteWorkbook(w)
		}
		return s.WriteText(w, terminalWidth(w))
	}
	if o.to == "" {
		return write(cmd.OutOrStdout())
	}
	if err := pipeline.SaveFile(o.to, o.force, write); err != nil {
		return err
	}
	for _, p := range s.Parts {
		fmt.Fprintf(cmd.OutOrStdout(), "%s: %d of %d rows of %s, run %s\n", o.to, p.Table.Rows(), p.Of, p.List, s.Run)
	}
	return nil
}

// chosen is the format, by the flag or by the ending of the file.
func (o *shortlistFlags) chosen() (string, error) {
	format := o.format
	ending := strings.ToLower(strings.TrimPrefix(filepath.Ext(o.to), "."))
	if format == "" && o.to != "" {
		if format = ending; format == "txt" {
			format = "table"
		}
	}
	switch format {
	case "":
		return "table", nil
	case "xlsx":
		if o.to == "" {
			return "", errors.New("--format xlsx: name the file to write in --to")
		}
		return format, nil
	case "table", "csv", "json":
		if ending == "xlsx" {
			return "", fmt.Errorf("--format %s does not go with --to %s", format, o.to)
		}
		return format, nil
	}
	if o.format == "" {
		return "", fmt.Errorf("--to %s: end the name in .csv, .json, .xlsx or .txt, or say which by --format", o.to)
	}
	return "", fmt.Errorf("--format %q: give table, csv, json or xlsx", format)
}

// terminalWidth is that of a terminal, 0 of anything else.
func terminalWidth(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}
