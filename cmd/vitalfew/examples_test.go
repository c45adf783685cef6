package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// TestHelpExamples runs every line of every command's Example, each in a directory of its own with
// the files that it names. A command without an example fails, and so does one that does not run.
func TestHelpExamples(t *testing.T) {
	used := map[string]bool{}
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		for _, sub := range c.Commands() {
			if sub.Name() != "help" && sub.Name() != "completion" {
				walk(sub)
			}
		}
		if !c.HasParent() {
			return // its long text shows the first two commands of the others
		}
		lines := strings.Split(strings.TrimSpace(c.Example), "\n")
		for _, line := range lines {
			t.Run(c.Name()+"/"+line, func(t *testing.T) { runExample(t, c, strings.TrimSpace(line), used) })
		}
	}
	walk(newRoot())
	for word := range placeholders("", "") {
		if !used[word] {
			t.Errorf("placeholder %q stands in no example", word)
		}
	}
}

// placeholders are the words of examples that are too large for a test, or not of this machine.
func placeholders(dir, id string) map[string]string {
	return map[string]string{
		"/srv/vitalfew": filepath.Join(dir, "srv"), "0f3a5c6d7e8f9a0b": id, "10000000": "5000", "400000": "200", "C00012": "A",
	}
}

func runExample(t *testing.T, c *cobra.Command, line string, used map[string]bool) {
	words := shellWords(line)
	if len(words) < 2 || !strings.HasPrefix(line+" ", c.CommandPath()+" ") {
		t.Fatalf("got example %q, want one of %s", line, c.CommandPath())
	}
	dir := t.TempDir()
	t.Chdir(dir)
	prepare(t, line)
	id := ""
	if looksAtRuns(words[1]) { // it needs a run to look at
		for _, out := range []string{"vitalfew-out", filepath.Join(dir, "srv")} {
			call("run", "--config", "loads.yaml", "--orders", "orders.csv", "--crm", "accounts.csv", "--map", "customer_id=Kunde", "--out", out).ok(t)
			if words[1] == "diff" { // a second night, so that there is a previous one
				call("run", "--config", "loads.yaml", "--orders", "orders.csv", "--map", "customer_id=Kunde", "--out", out, "--as-of", "2024-06-01").ok(t)
			}
			id = current(out)
		}
	}
	for i, w := range words {
		if real, ok := placeholders(dir, id)[w]; ok {
			used[w] = true
			words[i] = real
		}
	}
	if s := call(words[1:]...).ok(t); s.out == "" {
		t.Errorf("%s: got no output", strings.Join(words, " "))
	}
}

// shellWords cuts a line as a shell does, as far as the examples need it.
func shellWords(line string) (words []string) {
	var word strings.Builder
	quote := rune(0)
	for _, r := range line + " " {
		switch {
		case r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote = r
		case quote == 0 && r == ' ':
			if word.Len() > 0 {
				words = append(words, word.String())
				word.Reset()
			}
		default:
			word.WriteRune(r)
		}
	}
	return words
}

// looksAtRuns reports whether a command reads what runs left.
func looksAtRuns(command string) bool {
	switch command {
	case "verify", "crm", "explain", "diff", "shortlist":
		return true
	}
	return false
}

// prepare writes the files that examples name. Only where the example says so are the customers
// under a header that has to be mapped.
func prepare(t *testing.T, line string) {
	t.Helper()
	orders := tiny
	if strings.Contains(line, "Kunde") || looksAtRuns(strings.Fields(line)[1]) {
		orders = strings.Replace(tiny, "customer_id", "Kunde", 1)
	}
	if strings.Contains(line, " backtest ") {
		orders = twoYears()
	}
	for name, text := range map[string]string{
		"orders.csv": orders, "accounts.csv": "customer_id,name,region\nA,Able,North\nB,Baker,North\n", "products.csv": "product_id,unit_cost\nP,1\n",
		"export.txt": tiny, "dump.csv": "1\tA\t2024-01-05\n2\tB\t2024-01-06\n",
		"exports/2024.csv": tiny, "loads.yaml": "crm_targets: {salesforce: {object: Account, key: No__c, fields: {No__c: customer_id, Tier__c: tier}}}\n",
		"vitalfew.yaml": "orders: orders.csv\ncrm: accounts.csv\nwindow: 365\n",
	} {
		put(t, ".", name, text)
	}
}

// twoYears are orders of 60 customers who come every 20 to 79 days and of whom every third leaves in time.
func twoYears() string {
	var b strings.Builder
	b.WriteString("order_id,customer_id,ordered_at,product_id,quantity,unit_price\n")
	n, start := 0, time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
	for c := range 60 {
		for day := 3 * c; day < 730 && (c%3 > 0 || day < 200+5*c); day += 20 + (7*c+n%11)%60 {
			n++
			fmt.Fprintf(&b, "%d,C%02d,%s,P,%d,10\n", n, c, start.AddDate(0, 0, day).Format(time.DateOnly), 1+(c+n)%5)
		}
	}
	return b.String()
}

// The root's help shows the first minute and the nightly job; both are real.
func TestRootHelpExamples(t *testing.T) {
	long := newRoot().Long
	for _, line := range []string{"vitalfew demo", "vitalfew run --orders exports/ --crm accounts.csv"} {
		if !strings.Contains(long, line) {
			t.Errorf("the help does not show %q", line)
			continue
		}
		t.Chdir(t.TempDir())
		prepare(t, line)
		call(strings.Fields(line)[1:]...).ok(t)
	}
}

// Every command that can fail on its inputs lists the exit codes that definitions.md promises.
func TestHelpListsExitCodes(t *testing.T) {
	for _, name := range []string{"", "run", "validate", "backtest", "inspect", "shortlist", "explain", "diff", "verify", "crm ack"} {
		args := append(strings.Fields(name), "--help")
		s := call(args...).ok(t)
		for _, code := range []string{"0 published", "1 internal", "2 usage", "3 an input", "4 rejects", "5 the books", "6 another run", "7 disk", "8 the memory", "130 and 143"} {
			if !strings.Contains(strings.ReplaceAll(s.out, "\n", " "), code) {
				t.Errorf("vitalfew %s --help does not say %q", name, code)
			}
		}
	}
}

// Every flag that interface.md promises is there.
func TestPromisedFlags(t *testing.T) {
	root := newRoot()
	runCommand, _, err := root.Find([]string{"run"})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range strings.Fields("config orders crm products map preset as-of window out workers memory max-rejects publish-anyway force log-format dry-run") {
		if runCommand.Flags().Lookup(name) == nil {
			t.Errorf("run has no flag --%s", name)
		}
	}
	for _, name := range strings.Fields("run demo generate validate backtest inspect shortlist explain diff verify crm version") {
		c, _, err := root.Find([]string{name})
		if err != nil || c.Name() != name || c.Short == "" || c.Example == "" {
			t.Errorf("command %s: got %v, want it with a short text and an example", name, err)
		}
	}
}
