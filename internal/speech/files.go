package speech

import (
	"errors"
	"strconv"
	"strings"

	"pushcall/files"
)

// LineOfFile says beneath a file's name how it is with it.
func (v Voice) LineOfFile(f files.File, waiting bool) string {
	size := v.FormatSize(f.Size)
	switch f.State {
	case files.Offered:
		if f.Mine {
			return line(size, v.Say("offered to your friend"))
		}
		return size
	case files.Moving:
		return v.progress(f, waiting)
	case files.Done:
		if f.Mine {
			return line(size, v.Say("arrived"))
		}
		return line(size, v.Say("received"))
	default:
		return v.sentenceOfFile(f)
	}
}

// progress says how far a file is, and how long the rest will take.
func (v Voice) progress(f files.File, waiting bool) string {
	parts := []string{v.Say("{moved} of {size}", "moved", v.FormatSize(f.Moved), "size", v.FormatSize(f.Size))}
	switch {
	case waiting:
		parts = append(parts, v.Say("waiting for the connection"))
	case f.Still > 0:
		parts = append(parts, v.Say("no progress for {time}", "time", v.Brief(f.Still)))
	case f.Rate >= 1:
		parts = append(parts, v.Say("{size}/s", "size", v.FormatSize(int64(f.Rate))))
		if f.Left > 0 {
			parts = append(parts, v.Say("{time} left", "time", v.Brief(f.Left)))
		}
	}
	return line(parts...)
}

// LineOfTotal says how it is with several files, mine or the friend's.
func (v Voice) LineOfTotal(t files.Total, mine, waiting bool) string {
	n, of := strconv.Itoa(t.Arrived), strconv.Itoa(t.Files)
	come := v.Say("{n} of {all} received", "n", n, "all", of)
	if mine {
		come = v.Say("{n} of {all} arrived", "n", n, "all", of)
	}
	if t.Over() {
		return line(come, v.FormatSize(t.Size))
	}
	return line(come, v.progress(files.File{Moved: t.Moved, Size: t.Size, Rate: t.Rate}, waiting && t.Files > t.Offered+t.Arrived+t.Lost))
}

// line puts parts into one line.
func line(parts ...string) string { return strings.Join(parts, " · ") }

// sentenceOfFile says why a file did not arrive.
func (v Voice) sentenceOfFile(f files.File) string {
	switch {
	case f.State == files.Refused && f.ByMe:
		return v.Say("You did not take it.")
	case f.State == files.Refused:
		return v.Say("Your friend did not take it.")
	case f.State == files.Cancelled && f.ByMe:
		return v.Say("You cancelled it.")
	case f.State == files.Cancelled:
		return v.Say("Your friend cancelled it.")
	case f.Mine:
		return v.sentenceOfWhyMine(f.Why)
	default:
		return v.sentenceOfWhyTheirs(f.Why)
	}
}

func (v Voice) sentenceOfWhyMine(why files.Why) string {
	switch why {
	case files.WhyRead:
		return v.Say("This file cannot be read any more. Choose it again.")
	case files.WhyRoom:
		return v.Say("Your friend has no room for it.")
	case files.WhyWrite:
		return v.Say("Your friend's browser could not keep it.")
	default:
		return v.sentenceOfWhy(why)
	}
}

func (v Voice) sentenceOfWhyTheirs(why files.Why) string {
	switch why {
	case files.WhyRead:
		return v.Say("Your friend's browser cannot read it any more.")
	case files.WhyRoom:
		return v.Say("There is no room for it here.")
	case files.WhyWrite:
		return v.Say("Your browser could not keep it.")
	default:
		return v.sentenceOfWhy(why)
	}
}

func (v Voice) sentenceOfWhy(why files.Why) string {
	switch why {
	case files.WhyDamaged:
		return v.Say("It arrived damaged, and was not kept. Send it again.")
	case files.WhyMany:
		return v.Say("Too many files at once. Send it again later.")
	case files.WhyStuck:
		return v.Say("Nothing of it has moved for half a minute. Send it again.")
	default:
		return v.Say("The call ended before it had arrived.")
	}
}

// TellFile says to those who do not see the list what has changed, or "" where
// that can wait.
func (v Voice) TellFile(f files.File) string {
	switch {
	case f.State == files.Offered && !f.Mine:
		return v.Say("Your friend wants to send {name}, {size}.", "name", f.Name, "size", v.FormatSize(f.Size))
	case f.State >= files.Done:
		return v.Say("{name}: {news}", "name", f.Name, "news", v.LineOfFile(f, false))
	}
	return ""
}

// SentenceOfSink says why a file cannot be taken.
func (v Voice) SentenceOfSink(err error) string {
	if errors.Is(err, files.ErrNoRoom) {
		return v.Say("There is no room for it: your browser does not give this page as much.")
	}
	return v.Say("Your browser could not make the file. Try again.")
}
