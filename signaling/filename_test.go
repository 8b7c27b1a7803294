package signaling

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCleanFileName(t *testing.T) {
	long := strings.Repeat("x", 300)
	for name, want := range map[string]string{
		"":                              "file",
		"photo.jpg":                     "photo.jpg",
		"../../etc/passwd":              "passwd",
		`C:\Windows\system32\a.dll`:     "a.dll",
		"folder/":                       "file",
		"..":                            "file",
		"/":                             "file",
		".bashrc":                       "bashrc",
		". .hidden":                     "hidden",
		"a. . .":                        "a",
		"  two \t words .txt ":          "two words .txt",
		"a\x00b\nc\x7f.txt":             "ab c.txt",
		"invoice\u202efdp.exe":          "invoicefdp.exe",
		"a\u200b\ufeff.txt":             "a.txt",
		".\u0301a":                      "a",
		"a\u0301\u0302\u0303\u0304b":    "a\u0301\u0302\u0303b",
		`a<b>c:d"e|f?g*h`:               "a_b_c_d_e_f_g_h",
		"CON":                           "_CON",
		"nul.tar.gz":                    "_nul.tar.gz",
		"com1 .txt":                     "_com1 .txt",
		"lpt¹":                          "_lpt¹",
		"COM10":                         "COM10",
		"console.log":                   "console.log",
		"Übung 7.pdf":                   "Übung 7.pdf",
		"山田太郎.png":                      "山田太郎.png",
		long + ".tar":                   strings.Repeat("x", 196) + ".tar",
		long:                            strings.Repeat("x", 200),
		long + "." + long:               strings.Repeat("x", 200),
		strings.Repeat("é", 99) + ".t":  strings.Repeat("é", 99) + ".t",
		strings.Repeat("é", 100) + ".t": strings.Repeat("é", 99) + ".t",
		strings.Repeat("x", 100) + strings.Repeat(" .", 100) + "z": strings.Repeat("x", 100) + ".z",
	} {
		got := CleanFileName(name)
		if got != want {
			t.Errorf("CleanFileName(%q) = %q, want %q", name, got, want)
		}
	}
}

func FuzzCleanFileName(f *testing.F) {
	for _, name := range []string{"a/b\\c.txt", ". \u0301.nul", "com1.\u202etxt", strings.Repeat("é .", 90) + ".tar.gz", "\xff\xfe"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		clean := CleanFileName(name)
		if again := CleanFileName(clean); again != clean {
			t.Fatalf("%q became %q, then %q", name, clean, again)
		}
		if clean == "" || len(clean) > maxFileName || !utf8.ValidString(clean) || strings.ContainsAny(clean, "/\\\x00") ||
			strings.HasPrefix(clean, ".") || trimEnd(clean) != clean || isDevice(clean) {
			t.Fatalf("%q became %q", name, clean)
		}
	})
}
