package pipeline_test

import (
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// house is the plan of the repository. It is a statement of policy: do not change it to make a build
// pass. A new package gets its row here in the commit that adds it; a row moves only together with
// ARCHITECTURE.md, and for a reason that stands there.
var house = policy{
	module: "github.com/vitalfew/vitalfew",

	// A package imports packages of strictly lower floors. Its tests may also import their own floor
	// and test support, never a higher floor.
	floors: map[string]int{
		"pipeline/charset":    0,
		"pipeline/civil":      0,
		"pipeline/money":      0,
		"pipeline/publish":    0,
		"pipeline/span":       0,
		"pipeline/dictionary": 0,
		"pipeline/formula":    0,
		"scoring/special":     0,

		"pipeline/ledger":      1,
		"pipeline/delimited":   1,
		"pipeline/parquetfile": 1,
		"pipeline/layout":      1,
		"pipeline/numeral":     1,
		"pipeline/calendar":    1,
		"scoring/margin":       1,
		"pipeline/source":      1, // the plan had it beside ingest, which reads through it

		"pipeline/assortment":        2,
		"pipeline/sniff":             2,
		"pipeline/quality":           2,
		"pipeline/table":             2, // the plan had it beside parquetfile, which decodes its files
		"pipeline/ledger/ledgertest": 2,
		"segment/crm/crmtest":        2,
		"scoring":                    2,
		"scoring/history":            2,
		"scoring/evaluation":         2,

		"pipeline/account":   3,
		"pipeline/filter":    3,
		"pipeline/ingest":    3,
		"pipeline/synth":     3,
		"pipeline/workbook":  3,
		"scoring/btyd":       3,
		"scoring/churn":      3,
		"scoring/clv":        3,
		"scoring/feature":    3,
		"scoring/keyaccount": 3,
		"scoring/spend":      3,
		"scoring/pareto":     3,
		"scoring/retention":  3,
		"segment/crm":        3,
		"segment/lifecycle":  3,
		"segment/list":       3,
		"segment/migration":  3,
		"segment/profile":    3,
		"segment/rfm":        3,
		"segment/tier":       3,

		"scoring/forecast": 4,

		"scoring/backtest": 5,

		"pipeline": 6,

		"cmd/vitalfew":         7,
		"benchmarks":           7,
		"benchmarks/checks":    7,
		"benchmarks/lifetimes": 7,
		"benchmarks/peer":      7,
		"benchmarks/pollock":   7,
	},

	// Only tests import these.
	testSupport: []string{"pipeline/ledger/ledgertest", "segment/crm/crmtest"},

	// The clock, the environment, random sources of the process and os.Exit begin here.
	top: 7,

	// Who may import what. A rule with no packages means nobody.
	libraries: []library{
		{[]string{"os", "io/fs", "io/ioutil", "path/filepath", "net", "net/...", "syscall", "golang.org/x/sys/..."},
			[]string{"pipeline/source", "pipeline/ingest", "pipeline/publish", "pipeline", "cmd/vitalfew", "benchmarks", "benchmarks/checks", "benchmarks/lifetimes", "benchmarks/peer", "benchmarks/pollock"},
			"take an io.Reader, io.ReaderAt or io.Writer from the caller"},
		{[]string{"os/..."}, []string{"cmd/vitalfew", "benchmarks", "benchmarks/lifetimes", "benchmarks/peer"},
			"processes and signals belong to the command"},
		{[]string{"github.com/apache/arrow/..."}, []string{"pipeline/table"},
			"Arrow stays behind package table"},
		{[]string{"github.com/apache/arrow/go/v17/parquet/...", "github.com/apache/arrow/go/v17/arrow/csv"}, nil,
			"these readers panic in goroutines of their own on malformed files"},
		{[]string{"github.com/xuri/excelize/..."}, []string{"pipeline/ingest", "pipeline/workbook"},
			"workbooks are read in one place, within limits, and written in one"},
		{[]string{"encoding/csv"}, []string{"pipeline/synth"}, // writes only; reading is what strangers' files break
			"read with package delimited, write with package table"},
		{[]string{"crypto/rand", "hash/maphash"}, []string{"cmd/vitalfew"},
			"the same input has to give the same bytes in every process"},
	},
}

// TestFloors holds the tree against the policy. It parses the files in this process: go test then
// knows what it read and does not serve a stale result from its cache, as it would for a test that
// runs go list.
func TestFloors(t *testing.T) {
	fset := token.NewFileSet()
	sources, err := readTree(fset, moduleRoot(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, must := range []string{"pipeline", "pipeline/ledger", "scoring/pareto"} {
		if !slices.ContainsFunc(sources, func(s sourceFile) bool { return s.dir == must && !s.test }) {
			t.Fatalf("got no source file of %s among %d files, want the whole tree", must, len(sources))
		}
	}
	for _, c := range house.check(fset, sources) {
		t.Error(c)
	}
}

// moduleRoot walks up from the test's directory to go.mod.
func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		b, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil {
			if !strings.HasPrefix(string(b), "module "+house.module+"\n") {
				t.Fatalf("%s/go.mod is not that of %s", dir, house.module)
			}
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = up
	}
}

// TestFloorsCatches shows that each check fails where it should, and only there.
func TestFloorsCatches(t *testing.T) {
	const own = `"github.com/vitalfew/vitalfew/`
	for _, tc := range []struct {
		name string
		file string // where the snippet would stand
		code string // after the package clause
		want string // part of the only complaint; "" for none
	}{
		{"lower floor", "pipeline/ledger/x.go", `import _ ` + own + `pipeline/civil"`, ""},
		{"same floor", "pipeline/ledger/x.go", `import _ ` + own + `pipeline/layout"`, "floor 1 imports pipeline/layout of floor 1"},
		{"higher floor", "pipeline/money/x.go", `import _ ` + own + `scoring/pareto"`, "floor 0 imports scoring/pareto of floor 3"},
		{"models do not import the run", "scoring/pareto/x.go", `import _ ` + own + `pipeline"`, "floor 3 imports pipeline of floor 6"},
		{"command imports the run", "cmd/vitalfew/main.go", `import _ ` + own + `pipeline"`, ""},
		{"test imports its own floor", "segment/tier/x_test.go", `import _ ` + own + `scoring/pareto"`, ""},
		{"test imports a higher floor", "segment/tier/x_test.go", `import _ ` + own + `pipeline"`, "test of segment/tier on floor 3 imports pipeline of floor 6"},
		{"test imports test support", "pipeline/ledger/x_test.go", `import _ ` + own + `pipeline/ledger/ledgertest"`, ""},
		{"product imports test support", "scoring/pareto/x.go", `import _ ` + own + `pipeline/ledger/ledgertest"`, "test support"},
		{"package without a floor", "pipeline/util/x.go", ``, "pipeline/util has no floor"},
		{"import without a floor", "cmd/vitalfew/x.go", `import _ ` + own + `pipeline/util"`, "pipeline/util has no floor"},
		{"dot import", "pipeline/x.go", `import . "strings"`, "dot import"},

		{"model reads a file", "scoring/pareto/x.go", `import _ "os"`, "os is not for scoring/pareto"},
		{"model opens a socket", "segment/rfm/x.go", `import _ "net/http"`, "net/http is not for segment/rfm"},
		{"generator opens a file", "pipeline/synth/x.go", `import _ "path/filepath"`, "path/filepath is not for pipeline/synth"},
		{"ingest opens a file", "pipeline/ingest/x.go", `import _ "os"`, ""},
		{"test reads a file", "scoring/pareto/x_test.go", `import _ "os"`, ""},
		{"run starts a process", "pipeline/x.go", `import _ "os/exec"`, "os/exec is not for pipeline"},
		{"Arrow in its room", "pipeline/table/x.go", `import _ "github.com/apache/arrow/go/v17/arrow"`, ""},
		{"Arrow elsewhere", "pipeline/ingest/x.go", `import _ "github.com/apache/arrow/go/v17/arrow"`, "Arrow stays behind"},
		{"Arrow's CSV reader", "pipeline/table/x.go", `import _ "github.com/apache/arrow/go/v17/arrow/csv"`, "panic in goroutines"},
		{"encoding/csv in the product", "pipeline/ingest/x.go", `import _ "encoding/csv"`, "encoding/csv is not for"},
		{"encoding/csv as a test's oracle", "pipeline/ingest/x_test.go", `import _ "encoding/csv"`, ""},

		{"clock", "pipeline/x.go", "import \"time\"\nfunc f() any { return time.Now() }", "time.Now"},
		{"clock under another name", "pipeline/x.go", "import clock \"time\"\nfunc f() any { return clock.Since }", "time.Since"},
		{"zone of the machine", "pipeline/ingest/x.go", "import \"time\"\nfunc f() any { return time.Local }", "time.Local"},
		{"clock in the command", "cmd/vitalfew/x.go", "import \"time\"\nfunc f() any { return time.Now() }", ""},
		{"comparing times", "pipeline/publish/x.go", "import \"time\"\nfunc f(a, b time.Time) bool { return a.After(b) }", ""},
		{"local called time", "pipeline/x.go", "import _ \"time\"\nfunc f(time struct{ Now int }) int { return time.Now }", ""},
		{"environment", "pipeline/source/x.go", "import \"os\"\nfunc f() any { return os.Getenv }", "os.Getenv"},
		{"environment in a test", "pipeline/source/x_test.go", "import \"os\"\nfunc f() any { return os.Getenv }", ""},
		{"exit", "pipeline/x.go", "import \"os\"\nfunc f() { os.Exit(1) }", "os.Exit"},
		{"sleeping test", "pipeline/x_test.go", "import \"time\"\nfunc f() { time.Sleep(1) }", "time.Sleep"},
		{"global random source", "scoring/x.go", "import \"math/rand/v2\"\nfunc f() int { return rand.IntN(6) }", "rand.IntN"},
		{"own random source", "scoring/x.go", "import \"math/rand/v2\"\nfunc f() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }", ""},

		{"init", "pipeline/money/x.go", "func init() {}", "func init"},
		{"method called init", "pipeline/money/x.go", "type T int\nfunc (T) init() {}", ""},
		{"table", "pipeline/source/x.go", `var endings = []string{".csv"}`, "var endings"},
		{"map", "scoring/x.go", `var cache map[string]int`, "var cache"},
		{"one of two", "scoring/x.go", "import \"errors\"\nvar ErrA, limit = errors.New(\"a\"), 3", "var limit"},
		{"hook for tests", "pipeline/publish/x.go", "import \"os\"\nvar create = os.Create", "var create"},
		{"error that is none", "scoring/x.go", `var ErrCount = 3`, "var ErrCount"},
		{"errors", "scoring/x.go", "import (\"errors\"; \"fmt\")\nvar (\nErrA = errors.New(\"a\")\nerrB = fmt.Errorf(\"b %d\", 1)\n)", ""},
		{"interface assertion", "scoring/x.go", "type T int\nvar _ interface{} = T(0)", ""},
		{"embedded file", "pipeline/layout/x.go", "import _ \"embed\"\n//go:embed a.yaml\nvar file []byte", ""},
		{"compiled once", "pipeline/layout/x.go", "import \"sync\"\nvar table = sync.OnceValue(func() int { return 1 })", ""},
		{"bytes of a literal", "pipeline/delimited/x.go", `var bom = []byte("\xef\xbb\xbf")`, ""},
		{"bytes that are written", "pipeline/delimited/x.go", "var bom = []byte(\"abc\")\nfunc f() { bom[0] = 1 }", "writes to package-level bom"},
		{"error that is replaced", "scoring/x.go", "import \"errors\"\nvar ErrA = errors.New(\"a\")\nfunc f() { ErrA = nil }", "writes to package-level ErrA"},
		{"address of a variable", "scoring/x.go", "import \"errors\"\nvar ErrA = errors.New(\"a\")\nfunc f() *error { return &ErrA }", "writes to package-level ErrA"},
		{"variable of another package", "pipeline/x.go", "import \"io\"\nfunc f() { io.EOF = nil }", "writes to io.EOF"},
		{"local of the same name", "pipeline/delimited/x.go", "var bom = []byte(\"abc\")\nfunc f() { bom := []byte{0}; bom[0] = 1 }", ""},
		{"variable in a test", "scoring/x_test.go", `var sizes = []int{0, 1}`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fset := token.NewFileSet()
			s, err := parseSource(fset, tc.file, []byte("package x\n"+tc.code+"\n"))
			if err != nil {
				t.Fatal(err)
			}
			got := house.check(fset, []sourceFile{s})
			switch {
			case tc.want == "" && len(got) > 0:
				t.Errorf("got %q, want no complaint", got)
			case tc.want != "" && (len(got) != 1 || !strings.Contains(got[0], tc.want)):
				t.Errorf("got %q, want one complaint about %q", got, tc.want)
			case tc.want != "" && !strings.HasPrefix(got[0], tc.file+":"):
				t.Errorf("got %q, want it to begin with the file and line", got)
			}
		})
	}
}
