package pushcall_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestWalk checks that every stop of the walk through the code is a function that the
// named file has.
func TestWalk(t *testing.T) {
	text, err := os.ReadFile("docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	stops := regexp.MustCompile("(?m)^\\d+\\. `([^`]+)` in `([^`]+)`").FindAllStringSubmatch(string(text), -1)
	if len(stops) == 0 || len(stops) > 20 {
		t.Errorf("the walk has %d stops", len(stops))
	}
	for _, stop := range stops {
		if function, file := stop[1], stop[2]; !hasFunction(t, file, function) {
			t.Errorf("%s has no function %s", file, function)
		}
	}
}

// hasFunction reports whether a source has a function, which has its receiver in
// parentheses before its name if it is a method.
func hasFunction(t *testing.T, file, function string) bool {
	if strings.HasSuffix(file, ".js") {
		text, err := os.ReadFile(file)
		return err == nil && regexp.MustCompile(`(?m)^(async )?function `+regexp.QuoteMeta(function)+`\(`).Match(text)
	}
	source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Error(err)
		return false
	}
	for _, d := range source.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		name := f.Name.Name
		if f.Recv != nil {
			name = "(" + receiver(f.Recv.List[0].Type) + ")." + name
		}
		if name == function {
			return true
		}
	}
	return false
}

// receiver writes the type of a receiver.
func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return "*" + receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
