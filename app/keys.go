package app

import "strings"

// Command is what a single key does while the person types nothing.
type Command uint8

// The commands. Those that press a button do what it does.
const (
	NoCommand Command = iota
	MuteCommand
	CameraCommand
	ScreenCommand
	MessagesCommand
	FillCommand
	FitCommand
	SelfCommand  // hides the own picture, or shows it
	LeaveCommand // full screen
	HelpCommand  // shows the commands
	FocusCommand // the browser's own: moves the focus
	Commands     // how many there are
)

var commands = map[string]Command{
	"m": MuteCommand, " ": MuteCommand, "v": CameraCommand, "s": ScreenCommand, "t": MessagesCommand,
	"f": FillCommand, "z": FitCommand, "h": SelfCommand, "escape": LeaveCommand, "tab": FocusCommand, "?": HelpCommand, "؟": HelpCommand,
}

// CommandOf returns the command of a key, by its value and its place on the keyboard (UI
// Events, key and code). Where the keyboard writes no Latin letters, the place counts.
func CommandOf(key, code string) Command {
	if place, letter := strings.CutPrefix(code, "Key"); letter && len(key) > 1 && key[0] >= 0x80 {
		if command := commands[key]; command != NoCommand {
			return command
		}
		key = place
	}
	return commands[strings.ToLower(key)]
}
