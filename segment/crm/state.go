package crm

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/table"
)

// ErrState says that a state is damaged or none of ours.
var ErrState = errors.New("not a whole CRM state of vitalfew")

// State is what a target holds after a load: the value of every mapped field by key, also of
// accounts that left.
type State struct {
	Label
	t *table.Table // key, left, then the fields
}

// Label says what a state is of.
type Label struct {
	Run    string   `json:"run"`            // after which these values are loaded
	Base   string   `json:"base,omitempty"` // the run that was marked as loaded when its files were made
	Target string   `json:"target"`
	Format string   `json:"format"`
	Object string   `json:"object,omitempty"`
	Key    []string `json:"key"`
	Fields []string `json:"fields"`
}

// A state file is magic, a line of JSON, and a Parquet file of package table.
const magic = "vitalfew crm state 1\n"

type stateHead struct {
	Label
	Rows   int    `json:"rows"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Encode writes the state.
func (s *State) Encode(w io.Writer) error {
	var body bytes.Buffer
	if err := table.WriteParquet(&body, s.t, nil, table.ParquetOptions{}); err != nil {
		return fmt.Errorf("write CRM state: %w", err)
	}
	head, err := sealed(stateHead{Label: s.Label, Rows: s.t.Rows(), Bytes: body.Len()}, body.Bytes())
	if err != nil {
		return fmt.Errorf("write CRM state: %w", err)
	}
	_, err = io.Copy(w, io.MultiReader(bytes.NewReader([]byte(magic)), bytes.NewReader(append(head, '\n')), &body))
	return err
}

// sealed is the header with the digest of itself and the body.
func sealed(h stateHead, body []byte) ([]byte, error) {
	h.SHA256 = ""
	open, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	digest := sha256.New()
	digest.Write(open)
	digest.Write(body)
	h.SHA256 = hex.EncodeToString(digest.Sum(nil))
	return json.Marshal(h)
}

// DecodeState reads what Encode wrote. Anything else, a flipped bit among it, is an ErrState.
func DecodeState(b []byte) (*State, error) {
	rest, ok := bytes.CutPrefix(b, []byte(magic))
	head, body, line := bytes.Cut(rest, []byte("\n"))
	if !ok || !line {
		return nil, fmt.Errorf("%w: it does not begin with %q and a header", ErrState, magic[:len(magic)-1])
	}
	var h stateHead
	if err := json.Unmarshal(head, &h); err != nil {
		return nil, fmt.Errorf("%w: header: %w", ErrState, err)
	}
	if again, err := sealed(h, body); err != nil || len(body) != h.Bytes || !bytes.Equal(again, head) {
		return nil, fmt.Errorf("%w: the bytes are not those written (%d of %d after the header)", ErrState, len(body), h.Bytes)
	}
	t, err := table.ReadParquet(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrState, err)
	}
	cols := t.Columns()
	if len(cols) != len(h.Fields)+2 || t.Rows() != h.Rows || cols[0].Kind() != table.String || cols[1].Kind() != table.Bool {
		return nil, fmt.Errorf("%w: %d columns and %d rows, the header says %d fields and %d rows", ErrState, len(cols), t.Rows(), len(h.Fields), h.Rows)
	}
	return &State{h.Label, t}, nil
}

// Rows is the number of accounts, those that left among them.
func (s *State) Rows() int { return s.t.Rows() }

// differs says why a state is of other records than the settings, or "".
func (s *State) differs(of Settings) string {
	switch {
	case s.Format != of.Format || s.Object != of.Object:
		return fmt.Sprintf("the last load (run %s) was of %s %s", s.Run, s.Format, s.Object)
	case !slices.Equal(s.Key, of.Key):
		return fmt.Sprintf("the key of the last load (run %s) was %q", s.Run, s.Key)
	}
	return ""
}

// field is the position of a field among those of the state, -1 for none.
func (s *State) field(name string) int {
	if s == nil {
		return -1
	}
	return slices.Index(s.Fields, name)
}

// index finds rows by key, as the target compares it.
func (s *State) index(compared func(string) string) map[string]int32 {
	if s == nil {
		return nil
	}
	at := make(map[string]int32, s.t.Rows())
	for i := range s.t.Rows() {
		at[compared(s.key(int32(i)))] = int32(i)
	}
	return at
}

func (s *State) key(r int32) string { return s.t.Columns()[0].Text(int(r)) }

// gone reports whether the account had left by the last load.
func (s *State) gone(r int32) bool { return s.t.Columns()[1].Bool(int(r)) }

func (s *State) cell(r int32, field int) (string, bool) {
	c := &s.t.Columns()[2+field]
	return c.Text(int(r)), c.Valid(int(r))
}

// State is what the target holds once the batch is loaded: the rows, and the accounts that left.
func (b *Batch) State() (*State, error) {
	gone := b.goneRows()
	n := len(b.rows) + len(gone)
	keys, left := slices.Grow(slices.Clone(b.keys), len(gone)), make([]bool, n)
	for i, r := range gone {
		keys = append(keys, b.prev.key(r))
		left[len(b.rows)+i] = true
	}
	cols := []table.Column{table.Strings("key", "", keys, nil), table.Bools("left", "", left, nil)}
	fields := make([]string, len(b.cells))
	for j, f := range b.s.Fields {
		fields[j] = f.Name
		cols = append(cols, b.stateColumn(j, gone))
	}
	t, err := table.New(cols...)
	if err != nil {
		return nil, fmt.Errorf("CRM state of %s: %w", b.s.Name, err)
	}
	return &State{Label{b.run, b.base, b.s.Name, b.s.Format, b.s.Object, b.s.Key, fields}, t}, nil
}

// goneRows are the accounts of the last load that are not among the rows, ascending.
func (b *Batch) goneRows() []int32 {
	gone := slices.Clone(b.left)
	if b.prev == nil {
		return gone
	}
	here := make(map[int32]bool, len(b.rows))
	for _, r := range b.prevRow {
		here[r] = true
	}
	for r := range int32(b.prev.Rows()) {
		if b.prev.gone(r) && !here[r] {
			gone = append(gone, r)
		}
	}
	slices.Sort(gone)
	return gone
}

// stateColumn holds the values of a field by row, and of the accounts that left what they had,
// unless this load empties it.
func (b *Batch) stateColumn(j int, gone []int32) table.Column {
	l := &b.cells[j]
	values, known := slices.Clone(l.values), slices.Clone(l.known)
	key := slices.Contains(b.s.Key, b.s.Fields[j].Name)
	for _, r := range gone {
		v, ok := "", false
		if b.prevCell[j] >= 0 && (b.s.Left != LeftClear || key) {
			v, ok = b.prev.cell(r, b.prevCell[j])
		}
		values, known = append(values, v), append(known, ok)
	}
	for i := range values {
		if !known[i] {
			values[i] = ""
		}
	}
	return table.Strings(fmt.Sprintf("field %d", j+1), "", values, known)
}
