package app

import "testing"

func TestCommandOf(t *testing.T) {
	for _, c := range []struct {
		key, code string
		want      Command
	}{
		{"m", "KeyM", MuteCommand},
		{"M", "KeyM", MuteCommand}, // shift, or caps lock
		{" ", "Space", MuteCommand},
		{"v", "KeyV", CameraCommand},
		{"m", "Semicolon", MuteCommand}, // French
		{",", "KeyM", NoCommand},        // French: the letter counts where there is one
		{"ь", "KeyM", MuteCommand},      // Russian
		{"ة", "KeyM", MuteCommand},      // Arabic
		{"М", "KeyV", CameraCommand},    // a Cyrillic letter that looks like one
		{"é", "Digit2", NoCommand},
		{"?", "Slash", HelpCommand},
		{"?", "Minus", HelpCommand}, // German
		{"؟", "Slash", HelpCommand},
		{"؟", "KeyJ", HelpCommand},
		{"Escape", "Escape", LeaveCommand},
		{"F", "KeyF", FillCommand},
		{"F1", "F1", NoCommand},
		{"Tab", "Tab", FocusCommand},
		{"Enter", "Enter", NoCommand},
		{"Dead", "KeyM", NoCommand},
		{"", "KeyM", NoCommand}, // while a character is composed
		{"", "", NoCommand},
	} {
		if got := CommandOf(c.key, c.code); got != c.want {
			t.Errorf("%q at %q is %d, not %d", c.key, c.code, got, c.want)
		}
	}
}
