package pipeline

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// Input is an input file as the manifest records it.
type Input struct {
	Role   string `json:"role"` // orders, crm, products, rates, aliases, overrides, loaded
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	Format string `json:"format"`
	SHA256 string `json:"sha256"`

	file source.File
}

// inputs are all files of a night.
type inputs struct {
	orders, crm, products, rates, aliases, overrides []source.File
	all                                              []Input
	loaded                                           map[string]loadedBefore // by CRM target
}

// findInputs expands what the config names. Its error joins the faults of every kind of input.
func findInputs(c Config) (*inputs, error) {
	in := &inputs{}
	var faults []error
	expand := func(role string, patterns []string) []source.File {
		if len(patterns) == 0 {
			return nil
		}
		files, err := source.Expand(patterns)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", role, err))
		}
		for _, f := range files {
			in.all = append(in.all, Input{Role: role, Path: f.Path, Bytes: f.Size, Format: f.Format.String(), file: f})
		}
		return files
	}
	in.orders = expand("orders", c.Orders)
	in.crm = expand("crm", c.CRM)
	in.products = expand("products", c.Products)
	if c.Rates != "" {
		in.rates = expand("rates", []string{c.Rates})
	}
	if c.Aliases != "" {
		in.aliases = expand("aliases", []string{c.Aliases})
	}
	var err error
	if in.loaded, err = findLoaded(c); err != nil {
		faults = append(faults, err)
	}
	for _, l := range in.loaded {
		in.all = append(in.all, l.input)
	}
	if c.Overrides != "" {
		in.overrides = expand("overrides", []string{c.Overrides})
	}
	slices.SortStableFunc(in.all, func(a, b Input) int { return cmp.Compare(a.Path, b.Path) })
	return in, errors.Join(faults...)
}

// digest fills the SHA-256 of every input, with up to workers files at a time.
func (in *inputs) digest(ctx context.Context, workers int) error {
	errs := make([]error, len(in.all))
	var wg sync.WaitGroup
	tasks := make(chan int)
	for range max(1, workers) {
		wg.Go(func() {
			for i := range tasks {
				if ctx.Err() == nil && in.all[i].SHA256 == "" { // of a state it is known
					in.all[i].SHA256, errs[i] = in.all[i].file.Digest(ctx)
				}
			}
		})
	}
	for i := range in.all {
		tasks <- i
	}
	close(tasks)
	wg.Wait()
	if err := errors.Join(append(errs, ctx.Err())...); err != nil {
		return err
	}
	return in.twice()
}

// twice is an error where two order files hold the same bytes: their lines would count twice.
func (in *inputs) twice() error {
	first := map[string]string{}
	var faults []error
	for _, f := range in.all {
		if f.Role != "orders" {
			continue
		}
		if path, ok := first[f.SHA256]; ok {
			faults = append(faults, fmt.Errorf("%s holds the same bytes as %s: its lines would count twice; name one of them", f.Path, path))
			continue
		}
		first[f.SHA256] = f.Path
	}
	return errors.Join(faults...)
}

// unchanged is an error where an input is no longer what the night began with.
func (in *inputs) unchanged() error {
	var faults []error
	for i := range in.all { // not by value: the digests may still be coming in
		if in.all[i].file.Path == "" {
			continue // a state: the lock keeps it
		}
		if err := in.all[i].file.Changed(); err != nil {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

// runID names a night: a digest of everything its published bytes depend on. Files count by their
// content, and not by their path or the order they are named in, so the id does not change when
// the export folder moves. The previous run counts by the digest of its manifest.
func runID(version string, c Config, all []Input, previous *Previous) (string, error) {
	type content struct{ Role, SHA256 string }
	var contents []content
	for _, f := range all {
		contents = append(contents, content{f.Role, f.SHA256})
	}
	slices.SortFunc(contents, func(a, b content) int { return cmp.Or(cmp.Compare(a.Role, b.Role), cmp.Compare(a.SHA256, b.SHA256)) })
	recipe, err := c.recipe()
	if err != nil {
		return "", err
	}
	b, err := json.Marshal(struct {
		Version  string
		Recipe   any
		Inputs   []content
		Previous *Previous `json:",omitempty"`
	}{version, recipe, contents, previous})
	if err != nil {
		return "", fmt.Errorf("name the run: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8]), nil
}

// loadPreset returns the preset of a config: built in, or a file that the user copied and changed,
// which is named by a path with a separator or by its ending .yaml or .yml.
func loadPreset(name string) (*layout.Preset, error) {
	if name == "" {
		return nil, nil
	}
	if !strings.ContainsAny(name, `/\`) && !strings.HasSuffix(name, ".yaml") && !strings.HasSuffix(name, ".yml") {
		return layout.LoadPreset(name)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("preset: %w", err)
	}
	p, err := layout.ParsePreset(b)
	if err != nil {
		return nil, fmt.Errorf("preset %s: %w", name, err)
	}
	return p, nil
}
