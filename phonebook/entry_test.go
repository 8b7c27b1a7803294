package phonebook

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pushcall/call"
)

// numbered returns sent entries with consecutive numbers, one for each minute.
func numbered(from, count int) []Entry {
	entries := make([]Entry, count)
	for i := range entries {
		entries[i].Text = call.Text{Text: fmt.Sprint(from + i), Mine: true, Time: time.UnixMilli(1_790_000_000_000).Add(time.Duration(from+i) * time.Minute)}
	}
	return entries
}

func TestMerge(t *testing.T) {
	here, there := numbered(3, 2), numbered(0, 4)
	here[0].Unread = true
	there[3].Arrived = true // which is not known here yet
	theirs := there[2]
	theirs.Mine = false // at the same time, in the same words
	arrived := here[0]
	arrived.Arrived = true
	want := []Entry{there[0], there[1], there[2], theirs, arrived, here[1]}
	merged := slices.Clone(here)
	for range 2 {
		if merged = Merge(merged, append(slices.Clone(there), theirs)); !slices.Equal(merged, want) {
			t.Errorf("merged %+v", merged)
		}
	}
}

func TestMergeIsBounded(t *testing.T) {
	for name, test := range map[string]struct {
		conversation, more, want []Entry
	}{
		"none":        {nil, nil, nil},
		"as many":     {numbered(0, MaxTexts-1), numbered(MaxTexts-1, 1), numbered(0, MaxTexts)},
		"newer":       {numbered(0, MaxTexts), numbered(MaxTexts, 2), numbered(2, MaxTexts)},
		"older":       {numbered(200, MaxTexts), numbered(0, 300), numbered(200, MaxTexts)},
		"overlapping": {numbered(0, MaxTexts), numbered(300, MaxTexts), numbered(300, MaxTexts)},
		"many":        {nil, numbered(0, 3*MaxTexts), numbered(2*MaxTexts, MaxTexts)},
	} {
		if got := Merge(test.conversation, test.more); !slices.Equal(got, test.want) {
			t.Errorf("%s: %d entries", name, len(got))
		}
	}
}
