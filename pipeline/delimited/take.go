package delimited

// Take puts field fields[k] of the record, without surrounding blanks, into cells[k][n], for every k.
func (s *Scanner) Take(cells [][][]byte, fields []int, n int) {
	cells = cells[:len(fields)]
	for k, field := range fields {
		if s.anyEscape && s.escaped[field] {
			cells[k][n] = trimmed(s.Field(field))
			continue
		}
		cells[k][n] = trimmed(s.data[s.starts[field]:s.ends[field]])
	}
}

func trimmed(b []byte) []byte {
	if len(b) > 0 && b[0] != ' ' && b[len(b)-1] != ' ' {
		return b
	}
	for len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return b
}
