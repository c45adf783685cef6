package pipeline_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// policy says which package may use what. It is data; check is what holds sources against it.
type policy struct {
	module      string
	floors      map[string]int // by directory below the module root
	testSupport []string
	top         int // the floor from which on clock and environment are free
	libraries   []library
}

// library is a rule about import paths; a pattern a/... covers all below a, not a itself.
type library struct {
	paths   []string
	allowed []string
	instead string
}

// sourceFile is one parsed Go file.
type sourceFile struct {
	dir  string // below the module root, slashes
	test bool
	file *ast.File
}

// readTree parses every Go file of the module at root, whatever its build tags: testdata, hidden
// directories, those starting with _ and nested modules aside.
func readTree(fset *token.FileSet, root string) ([]sourceFile, error) {
	var sources []sourceFile
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name == root {
				return nil
			}
			_, nested := os.Stat(filepath.Join(name, "go.mod"))
			if base := d.Name(); base == "testdata" || base[0] == '.' || base[0] == '_' || nested == nil {
				return fs.SkipDir
			}
			return nil
		}
		if filepath.Ext(name) != ".go" {
			return nil
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		s, err := parseSource(fset, filepath.ToSlash(rel), b)
		sources = append(sources, s)
		return err
	})
	return sources, err
}

// parseSource parses the file of that name, which is relative to the module root.
func parseSource(fset *token.FileSet, name string, b []byte) (sourceFile, error) {
	f, err := parser.ParseFile(fset, name, b, parser.ParseComments|parser.SkipObjectResolution)
	return sourceFile{dir: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), file: f}, err
}

// report gathers complaints, each with file and line.
type report struct {
	fset  *token.FileSet
	lines []string
}

func (r *report) add(pos token.Pos, format string, args ...any) {
	r.lines = append(r.lines, fmt.Sprintf("%s:%d: ", r.fset.Position(pos).Filename, r.fset.Position(pos).Line)+fmt.Sprintf(format, args...))
}

// check returns every breach of the policy, sorted.
func (p policy) check(fset *token.FileSet, sources []sourceFile) []string {
	r := &report{fset: fset}
	packages := map[string][]sourceFile{}
	for _, s := range sources {
		packages[s.dir+" "+s.file.Name.Name] = append(packages[s.dir+" "+s.file.Name.Name], s)
	}
	for _, key := range slices.Sorted(maps.Keys(packages)) {
		p.checkPackage(r, packages[key])
	}
	slices.Sort(r.lines)
	return slices.Compact(r.lines)
}

// checkPackage checks the files of one directory and package name.
func (p policy) checkPackage(r *report, files []sourceFile) {
	dir := files[0].dir
	floor, known := p.floors[dir]
	if !known {
		r.add(files[0].file.Package, "%s has no floor: give it a row in floors_test.go and in ARCHITECTURE.md", dir)
		return
	}
	uses := resolve(r.fset, files)
	for _, s := range files {
		p.checkImports(r, s, floor)
		checkDeclarations(r, s)
		checkWrites(r, s, uses)
		if floor < p.top {
			checkProcess(r, s, uses)
		}
	}
}

func (p policy) checkImports(r *report, s sourceFile, floor int) {
	for _, spec := range s.file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser lets no such file through
		}
		if spec.Name != nil && spec.Name.Name == "." {
			r.add(spec.Pos(), "dot import of %s: it hides where names come from", name)
		}
		if rel, ours := strings.CutPrefix(name, p.module+"/"); ours {
			p.checkFloor(r, spec.Pos(), s, floor, rel)
			continue
		}
		if s.test {
			continue
		}
		for _, l := range p.libraries {
			if l.covers(name) && !slices.Contains(l.allowed, s.dir) {
				r.add(spec.Pos(), "%s is not for %s: %s", name, s.dir, l.instead)
				break
			}
		}
	}
}

func (l library) covers(name string) bool {
	return slices.ContainsFunc(l.paths, func(pattern string) bool {
		below, tree := strings.CutSuffix(pattern, "...")
		return name == pattern || tree && strings.HasPrefix(name, below)
	})
}

func (p policy) checkFloor(r *report, pos token.Pos, s sourceFile, floor int, rel string) {
	target, known := p.floors[rel]
	support := slices.Contains(p.testSupport, rel)
	switch {
	case !known:
		r.add(pos, "imports %s, but %[1]s has no floor", rel)
	case support && !s.test:
		r.add(pos, "imports %s, which is test support", rel)
	case s.test && !support && target > floor:
		r.add(pos, "the test of %s on floor %d imports %s of floor %d", s.dir, floor, rel, target)
	case !s.test && target >= floor:
		r.add(pos, "%s on floor %d imports %s of floor %d: only strictly lower floors", s.dir, floor, rel, target)
	}
}

// checkDeclarations finds init functions and package-level variables. Variables are allowed where
// nothing can change what they hold; checkWrites sees to it that nothing replaces it. Those are:
//
//   - blank ones, which are interface assertions;
//   - errors: called Err... or err... and made by errors.New or fmt.Errorf;
//   - files embedded by the compiler;
//   - tables that sync.OnceValue or sync.OnceValues compiles on first use;
//   - the bytes of a string literal, []byte("..."), for which Go has no constant.
//
// Tests may have variables: they are tables of cases.
func checkDeclarations(r *report, s sourceFile) {
	for _, d := range s.file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.Name == "init" && d.Recv == nil {
				r.add(d.Pos(), "func init: let the caller construct what it needs")
			}
		case *ast.GenDecl:
			if d.Tok != token.VAR || s.test {
				continue
			}
			for _, spec := range d.Specs {
				v := spec.(*ast.ValueSpec)
				for i, name := range v.Names {
					if !constant(d, v, i) {
						r.add(name.Pos(), "var %s: no package-level state; use a constant, a function or a field", name.Name)
					}
				}
			}
		}
	}
}

func constant(d *ast.GenDecl, v *ast.ValueSpec, i int) bool {
	name := v.Names[i].Name
	if name == "_" || embedded(d.Doc) || embedded(v.Doc) {
		return true
	}
	if i >= len(v.Values) {
		return false
	}
	call, ok := v.Values[i].(*ast.CallExpr)
	if !ok {
		return false
	}
	switch types.ExprString(call.Fun) {
	case "errors.New", "fmt.Errorf":
		return strings.HasPrefix(name, "Err") || strings.HasPrefix(name, "err")
	case "sync.OnceValue", "sync.OnceValues":
		return true
	case "[]byte":
		_, literal := call.Args[0].(*ast.BasicLit)
		return literal
	}
	return false
}

func embedded(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

// hollow imports every package without its content: what is asked of the type checker, which name is
// a package, a package-level variable or a local, does not need it.
type hollow struct{}

func (hollow) Import(name string) (*types.Package, error) {
	called := path.Base(name)
	if strings.Trim(called, "v0123456789") == "" { // a major version, as in math/rand/v2
		called = path.Base(path.Dir(name))
	}
	pkg := types.NewPackage(name, called)
	pkg.MarkComplete()
	return pkg, nil
}

// resolve says what each identifier of a package stands for. Errors, which the hollow imports and
// files of different build tags bring, are no matter.
func resolve(fset *token.FileSet, files []sourceFile) map[*ast.Ident]types.Object {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	parsed := make([]*ast.File, len(files))
	for i, s := range files {
		parsed[i] = s.file
	}
	conf := types.Config{Importer: hollow{}, Error: func(error) {}}
	_, _ = conf.Check(files[0].dir, fset, parsed, info)
	return info.Uses
}

// checkWrites finds whatever replaces a package-level variable, or could through its address.
func checkWrites(r *report, s sourceFile, uses map[*ast.Ident]types.Object) {
	if s.test {
		return
	}
	written := func(e ast.Expr) {
		if name := packageLevel(e, uses); name != "" {
			r.add(e.Pos(), "writes to %s", name)
		}
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				for _, e := range n.Lhs {
					written(e)
				}
			}
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				written(n.Key)
				if n.Value != nil {
					written(n.Value)
				}
			}
		case *ast.IncDecStmt:
			written(n.X)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				written(n.X)
			}
		}
		return true
	})
}

// packageLevel names the package-level variable that an operand is, or is part of, or "".
func packageLevel(e ast.Expr, uses map[*ast.Ident]types.Object) string {
	switch e := e.(type) {
	case *ast.Ident:
		if v, ok := uses[e].(*types.Var); ok && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
			return "package-level " + e.Name
		}
	case *ast.SelectorExpr:
		if id, ok := e.X.(*ast.Ident); ok {
			if _, ok := uses[id].(*types.PkgName); ok {
				return types.ExprString(e)
			}
		}
		return packageLevel(e.X, uses)
	case *ast.IndexExpr:
		return packageLevel(e.X, uses)
	case *ast.SliceExpr:
		return packageLevel(e.X, uses)
	case *ast.StarExpr:
		return packageLevel(e.X, uses)
	case *ast.ParenExpr:
		return packageLevel(e.X, uses)
	}
	return ""
}

// checkProcess finds what depends on the process a run happens in: clock, zone, environment, exit,
// and the random source that all of a process shares. A test may ask the environment where its data
// lie, and nothing of the clock.
func checkProcess(r *report, s sourceFile, uses map[*ast.Ident]types.Object) {
	clock := []string{"Now", "Since", "Until", "After", "AfterFunc", "Tick", "NewTicker", "NewTimer", "Sleep", "Local"}
	environment := []string{"Getenv", "LookupEnv", "Environ", "ExpandEnv", "Setenv", "Unsetenv", "Clearenv", "Exit"}
	sources := []string{"New", "NewPCG", "NewChaCha8", "NewSource", "NewZipf", "Rand", "PCG", "ChaCha8", "Source", "Source64", "Zipf"}
	ast.Inspect(s.file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		id, ok := sel.X.(*ast.Ident)
		if !ok {
			return true
		}
		pkg, ok := uses[id].(*types.PkgName)
		if !ok {
			return true
		}
		name, found := sel.Sel.Name, false
		switch pkg.Imported().Path() {
		case "time":
			found = slices.Contains(clock, name)
		case "os", "syscall":
			found = !s.test && slices.Contains(environment, name)
		case "math/rand", "math/rand/v2":
			found = !slices.Contains(sources, name)
		}
		if found {
			r.add(sel.Pos(), "%s.%s: let the command pass it down", path.Base(strings.TrimSuffix(pkg.Imported().Path(), "/v2")), name)
		}
		return true
	})
}
