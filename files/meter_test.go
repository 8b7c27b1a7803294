package files

import (
	"testing"
	"time"
)

func TestMeter(t *testing.T) {
	var m meter
	now := time.Unix(0, 0)
	m.begin(100, now)
	if m.value() != 0 || m.left(1) != 0 {
		t.Error("there is a rate before anything was measured")
	}
	total := int64(100)
	for range 60 {
		now, total = now.Add(time.Second/2), total+500
		m.measure(total, now)
		if v := m.value(); v < 999 || v > 1001 {
			t.Fatalf("rate %v of 1000 in a second", v)
		}
	}
	if left := m.left(5000).Round(time.Millisecond); left != 5*time.Second {
		t.Errorf("left %v", left)
	}
	for range 6 {
		now = now.Add(time.Second)
		m.measure(total, now)
	}
	if v := m.value(); v < 200 || v > 300 {
		t.Errorf("after 6 s of nothing the rate is %v", v)
	}
	if m.left(1<<50) != 0 {
		t.Error("more than a hundred hours are told")
	}
}
