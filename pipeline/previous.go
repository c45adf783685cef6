package pipeline

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/publish"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// Previous is the run that tiers are weighed against: the latest one published with an earlier as-of
// day, so that neither a rerun nor a corrected export of the same day counts as a run of its own.
type Previous struct {
	Run            string `json:"run"`
	ManifestSHA256 string `json:"manifest_sha256"`
	AsOf           string `json:"as_of"`
}

// memory is what the previous run left.
type memory struct {
	Previous
	manifest *Manifest
	id       *table.Column // ascending
	tier     []tier.Tier   // as published
	rule     []tier.Tier   // by the rules, overrides aside
	below    []int32
	net      *table.Column // of its window, as profit
	profit   *table.Column
	child    []bool
	// What the tier rested on.
	cut, quadrant, credit, stage *table.Column
}

// recall finds the previous run below out and reads what it left. Without one, or where it cannot be
// used, the memory is nil and the note says why.
func recall(out string, asOf civil.Day, workers int) (m *memory, note string) {
	run, sum, err := publish.Current(out)
	if errors.Is(err, publish.ErrNone) {
		return nil, "first run: there is no previous one, so no tier changed"
	}
	if err != nil {
		return nil, fmt.Sprintf("the previous run is unknown, so tiers start afresh: %v", err)
	}
	for {
		damage := func(err error) string {
			return fmt.Sprintf("the previous run %s cannot be used, so tiers start afresh: %v; restore it from a backup and run again with --force to keep the memory", run, err)
		}
		said, err := sealedManifest(out, run, sum)
		if err != nil {
			return nil, damage(err)
		}
		if said.AsOf < asOf.String() {
			m := &memory{Previous: Previous{run, sum, said.AsOf}, manifest: said}
			if err := m.read(out, workers); err != nil {
				return nil, damage(err)
			}
			return m, ""
		}
		if said.Previous == nil {
			return nil, fmt.Sprintf("no run before %s is published, so no tier changed", asOf)
		}
		run, sum = said.Previous.Run, said.Previous.ManifestSHA256
	}
}

// sealedManifest reads the manifest of a run whose digest is known.
func sealedManifest(out, run, sum string) (*Manifest, error) {
	root, err := os.OpenRoot(out)
	if err != nil {
		return nil, err
	}
	defer root.Close() // only read
	b, err := root.ReadFile(path.Join("runs", run, "manifest.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("it is missing")
	}
	if err != nil {
		return nil, err
	}
	if got := sha256.Sum256(b); hex.EncodeToString(got[:]) != sum {
		return nil, errors.New("its manifest.json is damaged")
	}
	var m Manifest
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, fmt.Errorf("its manifest.json: %w", err)
	}
	return &m, nil
}

// read checks customers.parquet against the manifest and takes the columns that a run remembers. The
// digest is taken while the columns are decoded, from the same bytes.
func (m *memory) read(out string, workers int) error {
	const name = "customers.parquet"
	at := slices.IndexFunc(m.manifest.Files, func(f publish.File) bool { return f.Name == name })
	if at < 0 {
		return errors.New("its manifest lists no " + name)
	}
	root, err := os.OpenRoot(out)
	if err != nil {
		return err
	}
	defer root.Close() // only read
	b, err := root.ReadFile(path.Join("runs", m.Run, name))
	if err != nil {
		return err
	}
	digest := make(chan string, 1)
	go func() {
		sum := sha256.Sum256(b)
		digest <- hex.EncodeToString(sum[:])
	}()
	t, err := remembered(b, workers)
	if <-digest != m.manifest.Files[at].SHA256 {
		return fmt.Errorf("its %s is damaged", name)
	}
	if errors.Is(err, table.ErrNoColumn) {
		return fmt.Errorf("it is of a version that kept no memory of tiers: %w", err)
	}
	if err != nil {
		return err
	}
	return m.take(t)
}

func remembered(b []byte, workers int) (*table.Table, error) {
	f, err := table.Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, err
	}
	return f.Read(memoryColumns(), nil, workers)
}

// memoryColumns are those that take wants, in its order.
func memoryColumns() []string {
	return []string{"customer_id", "tier", "rule_tier", "runs_below", "net_sales_window", "gross_profit_window", "account_role",
		"cut_tier", "quadrant", "credit_state", "life_stage"}
}

func (m *memory) take(t *table.Table) error {
	cols := t.Columns()
	m.id, m.net, m.profit = &cols[0], &cols[4], &cols[5]
	m.cut, m.quadrant, m.credit, m.stage = &cols[7], &cols[8], &cols[9], &cols[10]
	m.tier, m.rule = tiersOf(&cols[1]), tiersOf(&cols[2])
	m.below, m.child = make([]int32, t.Rows()), make([]bool, t.Rows())
	for i, b := range cols[3].Ints() {
		m.below[i] = int32(b)
		m.child[i] = cols[6].Text(i) == "child"
		if i > 0 && m.id.Text(i-1) >= m.id.Text(i) {
			return fmt.Errorf("its customers do not ascend: %q, then %q", m.id.Text(i-1), m.id.Text(i))
		}
	}
	return nil
}

func tiersOf(c *table.Column) []tier.Tier {
	tiers := make([]tier.Tier, c.Len())
	if !c.Coded() { // the file has no customer
		for i := range tiers {
			tiers[i] = tierNamed(c.Text(i))
		}
		return tiers
	}
	named := make([]tier.Tier, c.Values())
	for k := range named {
		named[k] = tierNamed(c.Value(k))
	}
	for i := range tiers {
		if c.Valid(i) {
			tiers[i] = named[c.Code(i)]
		}
	}
	return tiers
}

// tierNamed is the tier of a name, None for any other.
func tierNamed(name string) tier.Tier {
	for t := tier.Core; int(t) < tier.Tiers; t++ {
		if t.String() == name {
			return t
		}
	}
	return tier.None
}

// align gives the place in the memory of each customer of a run, -1 without one, and the places that
// no customer took: those who are gone. Both sides ascend by id.
func (m *memory) align(n int, id func(i int) string) (place, gone []int32) {
	place = make([]int32, n)
	k := 0
	for i := range n {
		place[i] = -1
		for k < m.id.Len() && m.id.Text(k) < id(i) {
			gone = append(gone, int32(k))
			k++
		}
		if k < m.id.Len() && m.id.Text(k) == id(i) {
			place[i] = int32(k)
			k++
		}
	}
	for ; k < m.id.Len(); k++ {
		gone = append(gone, int32(k))
	}
	return place, gone
}
