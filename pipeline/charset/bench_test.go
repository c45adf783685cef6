package charset

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

func BenchmarkReader(b *testing.B) {
	lines := func(line string) string { return strings.Repeat(line, 16<<20/len(line)) }
	for _, bc := range []struct {
		name string
		file []byte
	}{
		{"text=ascii", []byte(lines("10001,2024-01-05,Smith & Sons,17850,12,3.25,39.00\n"))},
		{"text=utf-8-western", []byte(lines("10001,2024-01-05,Müller & Söhne,17850,12,3.25,39.00\n"))},
		{"text=utf-8-chinese", []byte(lines("10001,2024-01-05,上海东方贸易有限公司,17850,12,39.00\n"))},
		{"text=gb18030", encode(b, GB18030, lines("10001,2024-01-05,上海东方贸易有限公司,17850,12,39.00\n"))},
		{"text=windows-1252", encode(b, Windows1252, lines("10001,2024-01-05,Müller & Söhne,17850,12,3.25,39.00\n"))},
		{"text=utf-16le", encode(b, UTF16LE, lines("10001,2024-01-05,Müller & Söhne,17850,12,3.25,39.00\n"))},
	} {
		b.Run(bc.name, func(b *testing.B) {
			b.SetBytes(int64(len(bc.file)))
			buf := make([]byte, 4<<20)
			for b.Loop() {
				drain(b, NewReader(bytes.NewReader(bc.file), Options{}), buf)
			}
		})
	}
	file := []byte(lines("10001,2024-01-05,Smith & Sons,17850,12,3.25,39.00\n"))
	b.Run("text=ascii/naive=copy", func(b *testing.B) { // what reading costs without looking at it
		b.SetBytes(int64(len(file)))
		buf := make([]byte, 4<<20)
		for b.Loop() {
			drain(b, bytes.NewReader(file), buf)
		}
	})
}

// BenchmarkValid sets the validation beside the library's.
func BenchmarkValid(b *testing.B) {
	for name, line := range map[string]string{
		"western": "10001,2024-01-05,Müller & Söhne,17850,12,3.25,39.00\n",
		"chinese": "10001,2024-01-05,上海东方贸易有限公司,17850,12,39.00\n",
	} {
		text := []byte(strings.Repeat(line, 1<<20/len(line)))
		for _, v := range []struct {
			name  string
			valid func([]byte) bool
		}{
			{"ours", func(b []byte) bool { return validLen(b) == len(b) }},
			{"library", utf8.Valid},
		} {
			b.Run("text="+name+"/by="+v.name, func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					if !v.valid(text) {
						b.Fatal("not valid")
					}
				}
			})
		}
	}
}

func drain(b *testing.B, r io.Reader, buf []byte) {
	for {
		_, err := r.Read(buf)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFoldCell(b *testing.B) {
	dst := make([]byte, 0, 64)
	for name, cell := range map[string]string{"cell=ascii": "1,234.50", "cell=full-width": "１，２３４．５０"} {
		b.Run(name, func(b *testing.B) {
			in := []byte(cell)
			for b.Loop() {
				FoldCell(dst, in)
			}
		})
	}
}
