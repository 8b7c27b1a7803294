//go:build js && wasm

package page

import (
	"errors"
	"strings"

	"pushcall/files"
	"pushcall/wasm/browser"
)

// lineOfFile says beneath a file's name how it is with it.
func lineOfFile(f files.File, waiting bool) string {
	size := browser.FormatSize(f.Size)
	switch f.State {
	case files.Offered:
		if f.Mine {
			return line(size, say("offered to your friend"))
		}
		return size
	case files.Moving:
		return progress(f, waiting)
	case files.Done:
		if f.Mine {
			return line(size, say("arrived"))
		}
		return line(size, say("received"))
	default:
		return sentenceOfFile(f)
	}
}

// progress says how far a file is, and how long the rest will take.
func progress(f files.File, waiting bool) string {
	parts := []string{say("{moved} of {size}", "moved", browser.FormatSize(f.Moved), "size", browser.FormatSize(f.Size))}
	switch {
	case waiting:
		parts = append(parts, say("waiting for the connection"))
	case f.Still > 0:
		parts = append(parts, say("no progress for {time}", "time", brief(f.Still)))
	case f.Rate >= 1:
		parts = append(parts, say("{size}/s", "size", browser.FormatSize(int64(f.Rate))))
		if f.Left > 0 {
			parts = append(parts, say("{time} left", "time", brief(f.Left)))
		}
	}
	return line(parts...)
}

// line puts parts into one line.
func line(parts ...string) string { return strings.Join(parts, " · ") }

// sentenceOfFile says why a file did not arrive.
func sentenceOfFile(f files.File) string {
	switch {
	case f.State == files.Refused && f.ByMe:
		return say("You did not take it.")
	case f.State == files.Refused:
		return say("Your friend did not take it.")
	case f.State == files.Cancelled && f.ByMe:
		return say("You cancelled it.")
	case f.State == files.Cancelled:
		return say("Your friend cancelled it.")
	case f.Mine:
		return sentenceOfWhyMine(f.Why)
	default:
		return sentenceOfWhyTheirs(f.Why)
	}
}

func sentenceOfWhyMine(why files.Why) string {
	switch why {
	case files.WhyRead:
		return say("This file cannot be read any more. Choose it again.")
	case files.WhyRoom:
		return say("Your friend has no room for it.")
	case files.WhyWrite:
		return say("Your friend's browser could not keep it.")
	default:
		return sentenceOfWhy(why)
	}
}

func sentenceOfWhyTheirs(why files.Why) string {
	switch why {
	case files.WhyRead:
		return say("Your friend's browser cannot read it any more.")
	case files.WhyRoom:
		return say("There is no room for it here.")
	case files.WhyWrite:
		return say("Your browser could not keep it.")
	default:
		return sentenceOfWhy(why)
	}
}

func sentenceOfWhy(why files.Why) string {
	switch why {
	case files.WhyDamaged:
		return say("It arrived damaged, and was not kept. Send it again.")
	case files.WhyMany:
		return say("Too many files at once. Send it again later.")
	case files.WhyStuck:
		return say("Nothing of it has moved for half a minute. Send it again.")
	default:
		return say("The call ended before it had arrived.")
	}
}

// tellFile says to those who do not see the list what has changed, or "" where
// that can wait.
func tellFile(f files.File) string {
	switch {
	case f.State == files.Offered && !f.Mine:
		return say("Your friend wants to send {name}, {size}.", "name", f.Name, "size", browser.FormatSize(f.Size))
	case f.State >= files.Done:
		return say("{name}: {news}", "name", f.Name, "news", lineOfFile(f, false))
	}
	return ""
}

// sentenceOfSink says why a file cannot be taken.
func sentenceOfSink(err error) string {
	if errors.Is(err, files.ErrNoRoom) {
		return say("There is no room for it: your browser does not give this page as much.")
	}
	return say("Your browser could not make the file. Try again.")
}
