package jsonobject

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	object, err := Parse([]byte(" {\"text\":\"a\\\"\\u00e9\\n\\ud83d\\ude00\",\"n\":-12,\"o\":{\"p\":\"q\"},\"l\":[\"x\",1,\"y\"],\"m\":[{\"a\":1},2]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := object.String("text"); got != "a\"é\n😀" {
		t.Errorf("text = %q", got)
	}
	if got := object.Int("n"); got != -12 {
		t.Errorf("n = %d", got)
	}
	if got := object.Object("o").String("p"); got != "q" {
		t.Errorf("o.p = %q", got)
	}
	if len(object) != 5 {
		t.Errorf("%d members", len(object))
	}
	for name, want := range map[string]int{"l": 3, "m": 2, "text": -1, "none": -1} {
		if got := object.Len(name); got != want {
			t.Errorf("%s has %d elements", name, got)
		}
	}
	if got := strings.Join(object.Strings("l"), ","); got != "x,y" {
		t.Errorf("l = %q", got)
	}
	if got := object.Objects("m"); len(got) != 1 || got[0].Int("a") != 1 {
		t.Errorf("m = %v", got)
	}
	if object.String("n") != "" || object.Int("text") != 0 || object.Object("l") != nil || object.Strings("o") != nil {
		t.Error("a member of another type is not absent")
	}
	if object.Has("none") || !object.Has("l") {
		t.Error("Has is wrong")
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{
		"", " ", "null", "1", `"a"`, "[]", "hello", "{", "}", `{"a"`, `{"a":`, `{"a":1`, `{"a":1}x`, `{"a":1}{}`, `{"a":1}]`,
		`{"a":"b}`, `{"a":[1}`, `{"a":1,"a":2}`, "{\"a\":\"\xff\"}", "{\"a\":\"\n\"}", `{a:1}`, `{'a':1}`, `{"a":1]`,
	} {
		if object, err := Parse([]byte(text)); !errors.Is(err, ErrSyntax) {
			t.Errorf("Parse(%q) = %v, %v; want ErrSyntax", text, object, err)
		}
	}
}

func TestBuilder(t *testing.T) {
	if got := string(new(Builder).Bytes()); got != "{}" {
		t.Errorf("empty object = %s", got)
	}
	var b Builder
	b.String("a", "\"\\\n\x01é\xff").Int("n", -5).Raw("r", []byte(`{"x":[]}`))
	if got, want := string(b.Bytes()), `{"a":"\"\\\n\u0001é`+"\ufffd"+`","n":-5,"r":{"x":[]}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Parse reads an object of strings like encoding/json.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"a":"b","c":1,"d":{"e":["f"]}}`))
	f.Add([]byte(`{"a":"\ud800","a\"":"\\"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		object, err := Parse(text)
		var strict map[string]json.RawMessage
		valid := json.Unmarshal(text, &strict) == nil
		if err != nil {
			return
		}
		for name := range object {
			object.String(name)
			object.Int(name)
			object.Object(name)
			object.Objects(name)
			object.Strings(name)
		}
		for name, raw := range strict {
			var want string
			if valid && json.Unmarshal(raw, &want) == nil && want != "" && !strings.Contains(want, "\ufffd") && object.Has(name) {
				if got := object.String(name); got != want {
					t.Errorf("%q: %q, want %q", name, got, want)
				}
			}
		}
	})
}

func FuzzQuote(f *testing.F) {
	f.Add("a\"\\\u2028\x7f\x00")
	f.Fuzz(func(t *testing.T, text string) {
		quoted := appendQuoted(nil, text)
		var back string
		if err := json.Unmarshal(quoted, &back); err != nil {
			t.Fatalf("%q: %v", quoted, err)
		}
		if want := strings.ToValidUTF8(text, "\ufffd"); back != want && len([]rune(back)) != len([]rune(text)) {
			t.Errorf("%q came back as %q", text, back)
		}
	})
}

func TestValue(t *testing.T) {
	object, err := Parse([]byte(`{"text":"a\u00e9","none":"","number":-7,"fraction":1.5,"true":true,"false":false,"null":null,"list":[1],"object":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{
		"text": "aé", "none": "", "number": int64(-7), "fraction": int64(0), "true": true, "false": false,
		"null": nil, "missing": nil, "list": ErrSyntax, "object": ErrSyntax,
	} {
		if got := object.Value(name); got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
}

func TestTime(t *testing.T) {
	for _, at := range []time.Time{{}, time.UnixMilli(1).UTC(), time.UnixMilli(-1).UTC(), time.UnixMilli(1_790_000_000_123).UTC()} {
		if back := TimeOf(Milliseconds(at)); back != at {
			t.Errorf("%v became %v", at, back)
		}
	}
}
