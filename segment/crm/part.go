package crm

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// File is a file being written; AddRows counts its data rows for the manifest.
type File interface {
	io.WriteCloser
	AddRows(n int64)
}

// Create opens a new file of a target by its name in the target's folder.
type Create func(name string) (File, error)

// parts writes rows into files below the limits, each with the header.
type parts struct {
	create Create
	stem   string // full, delta
	header []byte
	size   int64 // most bytes of a file
	rows   int   // most rows of a file
	zipped bool

	names []string
	body  bytes.Buffer // of the file under way
	held  int          // its rows
}

// add appends a whole row.
func (p *parts) add(row []byte) error {
	if p.held == p.rows || p.held > 0 && int64(p.body.Len()+len(row)) > p.size {
		if err := p.flush(); err != nil {
			return err
		}
	}
	if p.held == 0 {
		p.body.Write(p.header)
	}
	p.body.Write(row)
	p.held++
	return nil
}

// flush writes the file under way. Without rows there is none.
func (p *parts) flush() error {
	if p.held == 0 {
		return nil
	}
	name := fmt.Sprintf("%s-%04d", p.stem, len(p.names)+1)
	content := p.body.Bytes()
	if p.zipped {
		packed, err := pack(name+".csv", content)
		if err != nil {
			return err
		}
		name, content = name+".zip", packed
	} else {
		name += ".csv"
	}
	if err := put(p.create, name, content, p.held); err != nil {
		return err
	}
	p.names = append(p.names, name)
	p.body.Reset()
	p.held = 0
	return nil
}

// pack makes a zip of one file, without a time: the same content is the same bytes.
func pack(name string, content []byte) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write(content)
	}
	err = errors.Join(err, z.Close()) // which writes the directory
	return b.Bytes(), err
}

// put writes a file at once.
func put(create Create, name string, content []byte, rows int) error {
	f, err := create(name)
	if err != nil {
		return err
	}
	f.AddRows(int64(rows))
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}

// appendCell appends a cell of a data file: quoted only where it must be, quotes doubled, nothing
// trimmed or added.
func appendCell(b []byte, cell string, delimiter byte) []byte {
	if strings.IndexByte(cell, delimiter) < 0 && !strings.ContainsAny(cell, "\"\r\n") {
		return append(b, cell...)
	}
	b = append(b, '"')
	for i := range len(cell) {
		if cell[i] == '"' {
			b = append(b, '"')
		}
		b = append(b, cell[i])
	}
	return append(b, '"')
}
