package pushcall_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// The page's texts are English in the sources, and each text is its own key in the
// catalogues, web/words/xx.json. These tests collect the texts from the sources and
// check that the catalogues have exactly these.

// languages are the languages with a catalogue, each with its plural categories of
// whole numbers (CLDR 48, plural rules; "many" of Spanish and French begins at a
// million).
var languages = map[string][]string{
	"es": {"one", "other"},
	"fr": {"one", "other"},
	"de": {"one", "other"},
	"zh": {"other"},
	"ar": {"zero", "one", "two", "few", "many", "other"},
}

// A text is a text of the page, and so a key of the catalogues.
type text struct {
	where  string
	values []string // its placeholders, sorted
	many   bool     // it has a plural: it is about {n} things
	one    string   // its singular
}

type texts map[string]text

// add adds a text. values are the placeholders that the source fills in, or nil if
// they cannot be determined.
func (all texts) add(t *testing.T, where, key string, values []string, many bool) {
	t.Helper()
	in := placeholders(key)
	if values != nil && !slices.Equal(in, values) {
		t.Errorf("%s: %q has placeholders %v, and values for %v", where, key, in, values)
	}
	if other, found := all[key]; found && other.many != many {
		t.Errorf("%s: %q is about a number here, or else in %s", where, key, other.where)
	}
	all[key] = text{where: where, values: in, many: many}
}

var placeholder = regexp.MustCompile(`\{([a-z]+)\}`)

func placeholders(text string) []string {
	names := []string{}
	for _, match := range placeholder.FindAllStringSubmatch(text, -1) {
		names = append(names, match[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// sources collects all texts from the sources.
func sources(t *testing.T) texts {
	all := texts{}
	for _, dir := range []string{"wasm", "wasm/page", "internal/speech"} {
		readGo(t, all, dir)
	}
	readHTML(t, all, "index.html")
	scripts, err := filepath.Glob("web/*.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, script := range append(scripts, "service-worker.js") {
		readScript(t, all, script)
	}
	if len(all) < 100 {
		t.Fatalf("only %d texts were found", len(all))
	}
	return all
}

// readGo collects the texts in a package: the arguments of say and similar functions,
// and the constants of types whose values are texts.
func readGo(t *testing.T, all texts, dir string) {
	t.Helper()
	files, fset := parse(t, dir)
	constants := map[string]string{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if d, is := n.(*ast.GenDecl); is && d.Tok == token.CONST {
				readConstants(t, fset, d, constants, all)
			}
			return true
		})
	}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if c, is := n.(*ast.CallExpr); is {
				readCall(t, fset, c, constants, all)
			}
			return true
		})
	}
}

func parse(t *testing.T, dir string) ([]*ast.File, *token.FileSet) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	if len(files) == 0 {
		t.Fatalf("there are no sources in %s", dir)
	}
	return files, fset
}

// readConstants collects string constants. Those of type Word are texts.
func readConstants(t *testing.T, fset *token.FileSet, d *ast.GenDecl, constants map[string]string, all texts) {
	t.Helper()
	for _, spec := range d.Specs {
		s := spec.(*ast.ValueSpec)
		for i, value := range s.Values {
			key, is := literal(value, nil)
			if !is {
				continue
			}
			constants[s.Names[i].Name] = key
			if name, is := s.Type.(*ast.Ident); is && name.Name == "Word" {
				all.add(t, fset.Position(value.Pos()).String(), key, []string{}, false)
			}
		}
	}
}

func readCall(t *testing.T, fset *token.FileSet, c *ast.CallExpr, constants map[string]string, all texts) {
	t.Helper()
	name := ""
	switch f := c.Fun.(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		if f.Sel.Name == "Say" || f.Sel.Name == "SayMany" {
			name = f.Sel.Name
		}
	}
	args, many, one := c.Args, false, ""
	switch {
	case name == "sayMany" || name == "SayMany":
		many = true
		if len(args) > 2 && !isForwarding(args) {
			one, _ = literal(args[1], constants)
		}
		args = args[min(2, len(args)):] // the plural form is the key
	case name != "say" && name != "Say":
		return
	}
	where := fset.Position(c.Pos()).String()
	if isForwarding(args) {
		return // to speech.Voice, in words.go
	}
	if len(args) == 0 {
		t.Errorf("%s: there is no text", where)
		return
	}
	key, is := literal(args[0], constants)
	if !is {
		t.Errorf("%s: %s is given what is neither a literal nor a constant", where, name)
		return
	}
	values := []string{}
	for i := 1; i < len(args); i += 2 {
		value, is := literal(args[i], constants)
		if !is {
			t.Errorf("%s: a value's name is no literal", where)
		}
		values = append(values, value)
	}
	if many {
		values = append(values, "n")
	}
	slices.Sort(values)
	all.add(t, where, key, values, many)
	if many {
		source := all[key]
		source.one = one
		all[key] = source
	}
}

// isForwarding reports whether the arguments are the calling function's own
// parameters.
func isForwarding(args []ast.Expr) bool {
	if len(args) == 0 {
		return false
	}
	switch last := args[len(args)-1].(type) {
	case *ast.Ident:
		return last.Name == "values"
	case *ast.CallExpr: // string(w)
		f, is := last.Fun.(*ast.Ident)
		return is && f.Name == "string"
	}
	return false
}

// literal returns the value of a string literal, a concatenation of these, or a
// constant.
func literal(e ast.Expr, constants map[string]string) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			s, err := strconv.Unquote(e.Value)
			return s, err == nil
		}
	case *ast.BinaryExpr:
		x, isX := literal(e.X, constants)
		y, isY := literal(e.Y, constants)
		return x + y, isX && isY && e.Op == token.ADD
	case *ast.Ident:
		s, found := constants[e.Name]
		return s, found
	}
	return "", false
}

// attributes are the attributes that web/words.js translates.
var attributes = []string{"aria-label", "placeholder", "title", "alt"}

// readHTML collects the texts of a document, by the rules of web/words.js.
func readHTML(t *testing.T, all texts, name string) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	document, err := html.Parse(f)
	if err != nil {
		t.Fatal(err)
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && (n.Data == "head" || n.Data == "noscript") {
			return
		}
		if key := strings.Join(strings.Fields(n.Data), " "); n.Type == html.TextNode && key != "" {
			all.add(t, name, key, []string{}, false)
		}
		for _, a := range n.Attr {
			if a.Key == "translate" && a.Val == "no" {
				return
			}
		}
		for _, a := range n.Attr {
			if slices.Contains(attributes, a.Key) && a.Val != "" {
				all.add(t, name+", "+a.Key, a.Val, []string{}, false)
			}
		}
		for child := range n.ChildNodes() {
			walk(child)
		}
	}
	walk(document)
}

var (
	scriptCall = regexp.MustCompile(`\bsay\(`)
	scriptText = regexp.MustCompile(`\bsay\(('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")[,)]`)
)

// readScript collects the literal arguments of say in a script.
func readScript(t *testing.T, all texts, name string) {
	t.Helper()
	source, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	found := scriptText.FindAllSubmatch(source, -1)
	if calls := scriptCall.FindAll(source, -1); len(calls) != len(found) {
		t.Errorf("%s: of %d calls of say only %d have a literal text", name, len(calls), len(found))
	}
	for _, match := range found {
		quoted := string(match[1])
		all.add(t, name, strings.ReplaceAll(quoted[1:len(quoted)-1], `\`, ""), nil, false)
	}
}

// A catalogue has a translation for each text, or one for each plural category.
type catalogue map[string]any

func readCatalogue(t *testing.T, language string) catalogue {
	t.Helper()
	source, err := os.ReadFile("web/words/" + language + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var c catalogue
	if err := json.Unmarshal(source, &c); err != nil {
		t.Fatalf("%s: %v", language, err)
	}
	checkOrder(t, language, string(source))
	return c
}

// checkOrder requires one text on each line, sorted, so that additions rarely
// conflict, and no duplicates, which JSON permits.
func checkOrder(t *testing.T, language, source string) {
	t.Helper()
	last := ""
	for i, line := range strings.Split(source, "\n") {
		if line == "{" || line == "}" || line == "" {
			continue
		}
		var key string
		if err := json.NewDecoder(strings.NewReader(strings.TrimSpace(line))).Decode(&key); err != nil {
			t.Errorf("%s.json:%d: not a text and its translation: %v", language, i+1, err)
			continue
		}
		if key <= last {
			t.Errorf("%s.json:%d: %q belongs before %q", language, i+1, key, last)
		}
		last = key
	}
}

func TestCatalogues(t *testing.T) {
	all := sources(t)
	for language, categories := range languages {
		c := readCatalogue(t, language)
		for _, key := range slices.Sorted(maps.Keys(all)) {
			if err := check(key, all[key], c[key], categories); err != nil {
				t.Errorf("%s.json: %q of %s %v", language, key, all[key].where, err)
			}
		}
		for key := range c {
			if _, found := all[key]; !found {
				t.Errorf("%s.json: nobody says %q", language, key)
			}
		}
	}
}

// check returns an error if the translation of a text is wrong.
func check(key string, source text, translation any, categories []string) error {
	switch translation := translation.(type) {
	case string:
		if source.many && len(categories) > 1 && len(placeholders(translation)) > 0 {
			return fmt.Errorf("has no forms for %v", categories)
		}
		return checkForm(source, translation, true)
	case map[string]any:
		if !source.many {
			return fmt.Errorf("is about no number")
		}
		if got := slices.Sorted(maps.Keys(translation)); !slices.Equal(got, slices.Sorted(slices.Values(categories))) {
			return fmt.Errorf("has forms for %v, not %v", got, categories)
		}
		for category, form := range translation {
			form, is := form.(string)
			if !is {
				return fmt.Errorf("has no text for %s", category)
			}
			if err := checkForm(source, form, category == "other"); err != nil {
				return err
			}
		}
		return nil
	case nil:
		return fmt.Errorf("is missing")
	default:
		return fmt.Errorf("is a %T", translation)
	}
}

// checkForm compares placeholders. A form for one or two may omit {n}.
func checkForm(source text, form string, whole bool) error {
	got, want := placeholders(form), source.values
	if !whole && !slices.Contains(got, "n") {
		want = slices.DeleteFunc(slices.Clone(want), func(name string) bool { return name == "n" })
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("has placeholders %v, not %v", got, want)
	}
	if strings.TrimSpace(form) != form || form == "" {
		return fmt.Errorf("is %q", form)
	}
	return nil
}

// jargon are the words of the trade that no text may have, in any of the languages, and
// plainly are the texts that may: names that tests and assistive technology rely on,
// a sentence beside them, and what only those read who have servers of their own.
var (
	jargon = regexp.MustCompile(`(?i)\b(push|subscriptions?|endpoint|relay(s|ed)?|STUN|TURN|VAPID|ICE|JSON|CORS|TTL|URL|peer|signaling|service worker|protocol)\b|config\.json` +
		`|suscripci|\brepetidor|retransmi|\babonnement|\brelais\b|Abonnement|推送|订阅|中继|خدمة الدفع|اشتراك|مُرحِّل`)
	plainly = []string{
		"Friend's subscription", "Show my push subscription",
		"The push service no longer knows this friend's address. Ask for a new card.",
		"STUN and TURN servers", "User name for TURN", "Password for TURN", "Relay",
		"A TURN server asks for a user name.", "A TURN server asks for a password.",
		"Each line has to be the address of one server: stun:HOST:PORT or turn:HOST:PORT.",
		"One a line, such as turn:turn.example:3478. Left empty, it is those of this page.",
		"It passes calls on to friends whom this page does not reach by itself. Left empty, it is that of this page.",
		"The address of a relay begins with https://.",
	}
)

// TestPlainWords finds words of the trade in what the page says, in all languages.
func TestPlainWords(t *testing.T) {
	all := sources(t)
	for _, key := range plainly {
		if _, found := all[key]; !found {
			t.Errorf("nobody says %q any more", key)
		}
	}
	for key, source := range all {
		if slices.Contains(plainly, key) {
			continue
		}
		if word := jargon.FindString(key + "\n" + source.one); word != "" {
			t.Errorf("%s: %q says %q", source.where, key, word)
		}
	}
	for language := range languages {
		for key, translation := range readCatalogue(t, language) {
			if word := jargon.FindString(fmt.Sprint(translation)); word != "" && !slices.Contains(plainly, key) {
				t.Errorf("%s.json: %q is %q, and says %q", language, key, translation, word)
			}
		}
	}
}

// TestLanguages checks that the document names exactly the existing catalogues.
func TestLanguages(t *testing.T) {
	page, err := os.ReadFile("index.html")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("web/words/*")
	if err != nil || len(files) != len(languages) {
		t.Errorf("the catalogues are %v, %v", files, err)
	}
	for language := range languages {
		link := fmt.Sprintf(`<link rel="words" hreflang="%s" href="web/words/%[1]s.json">`, language)
		option := fmt.Sprintf(`<option value="%s" lang="%[1]s" translate="no">`, language)
		for _, markup := range []string{link, option} {
			if !strings.Contains(string(page), markup) {
				t.Errorf("index.html lacks %s", markup)
			}
		}
	}
}

// notTexts are strings of the packages page and speech that look like a text but are not: names of
// keys, the name of the page, and parts of drawings.
var notTexts = []string{"Enter", "Escape", "Pushcall", "M", "A"}

// TestNothingUnsaid finds strings that a view would show untranslated.
func TestNothingUnsaid(t *testing.T) {
	for _, dir := range []string{"wasm/page", "internal/speech"} {
		checkSaid(t, dir)
	}
}

// checkSaid finds strings in a package that look like a text and are not said.
func checkSaid(t *testing.T, dir string) {
	t.Helper()
	files, fset := parse(t, dir)
	all, said := texts{}, map[string]bool{}
	readGo(t, all, dir)
	for key, source := range all {
		said[key], said[source.one] = true, true
	}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			l, is := n.(*ast.BasicLit)
			if !is || l.Kind != token.STRING {
				return true
			}
			s, err := strconv.Unquote(l.Value)
			if err != nil || s == "" || s[0] < 'A' || s[0] > 'Z' || slices.Contains(notTexts, s) {
				return true
			}
			if !said[s] {
				t.Errorf("%s: %q is not said: see speech.Voice", fset.Position(l.Pos()), s)
			}
			return true
		})
	}
}
