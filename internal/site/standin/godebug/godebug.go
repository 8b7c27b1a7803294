// Package godebug stands in for the standard library's internal/godebug of Go
// 1.26. Nobody sets GODEBUG in a page, so each setting has its default value,
// which is "". The code that counts, for runtime/metrics, how often a setting
// changed the behaviour is left out.
package godebug

// A Setting is a setting of GODEBUG.
type Setting struct{ name string }

// New returns the setting of that name, which begins with # if it is not
// documented.
func New(name string) *Setting { return &Setting{name} }

// Name returns the setting's name.
func (s *Setting) Name() string {
	if s.Undocumented() {
		return s.name[1:]
	}
	return s.name
}

// Undocumented tells whether the setting is not documented.
func (s *Setting) Undocumented() bool { return s.name != "" && s.name[0] == '#' }

// String returns the setting in the format of GODEBUG.
func (s *Setting) String() string { return s.Name() + "=" }

// Value returns "".
func (s *Setting) Value() string { return "" }

// IncNonDefault is not called, since no setting has another value.
func (s *Setting) IncNonDefault() {}
