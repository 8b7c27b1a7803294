package pushlab

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"testing"
)

func TestFrameSizes(t *testing.T) {
	for _, size := range []int{0, 1, 127, 128, 16383, 16384, maxFrame - 1, maxFrame, maxFrame + 1} {
		frame := appendFrame(nil, tagLoginRequest, make([]byte, size))
		tag, message, err := readFrame(bufio.NewReader(bytes.NewReader(frame)))
		if size > maxFrame {
			if !errors.Is(err, errFrame) {
				t.Errorf("%d octets: %v, want %v", size, err, errFrame)
			}
			continue
		}
		if err != nil || tag != tagLoginRequest || len(message) != size {
			t.Errorf("%d octets: tag %d, %d octets, %v", size, tag, len(message), err)
		}
	}
}

func TestFrameEnds(t *testing.T) {
	whole := appendFrame(nil, tagIqStanza, make([]byte, 200))
	if _, _, err := readFrame(bufio.NewReader(bytes.NewReader(nil))); err != io.EOF {
		t.Errorf("between two frames: %v, want io.EOF", err)
	}
	for size := 1; size < len(whole); size++ {
		if _, _, err := readFrame(bufio.NewReader(bytes.NewReader(whole[:size]))); !errors.Is(err, errFrame) {
			t.Errorf("after %d of %d octets: %v, want %v", size, len(whole), err, errFrame)
		}
	}
}

func FuzzReadFrame(f *testing.F) {
	f.Add(appendFrame(nil, tagHeartbeatPing, nil))
	f.Add(appendFrame(nil, tagDataMessage, make([]byte, 300)))
	f.Add([]byte{tagClose, 0x80, 0x00})
	f.Fuzz(func(t *testing.T, octets []byte) {
		tag, message, err := readFrame(bufio.NewReader(bytes.NewReader(octets)))
		if err != nil {
			return
		}
		again, same, err := readFrame(bufio.NewReader(bytes.NewReader(appendFrame(nil, tag, message))))
		if err != nil || again != tag || !bytes.Equal(same, message) {
			t.Errorf("frame (%d, %x) was read as (%d, %x), %v", tag, message, again, same, err)
		}
	})
}

func FuzzParseProtobuf(f *testing.F) {
	f.Add([]byte(protobuf{}.number(2, 1).fixed64(13, 7).text(3, "x").bytes(7, protobuf{}.number(1, 13))))
	f.Add([]byte{0x0d, 1, 2, 3, 4}) // a fixed32
	f.Add([]byte{0x0b, 0x0c})       // a group
	f.Fuzz(func(t *testing.T, octets []byte) {
		fields, err := parseProtobuf(octets)
		if err != nil {
			return
		}
		var varints, texts protobuf
		for _, field := range fields {
			if field.text != nil {
				texts = texts.bytes(field.id, field.text)
			} else {
				varints = varints.number(field.id, field.number)
			}
		}
		again, err := parseProtobuf(append(varints, texts...))
		if err != nil || len(again) != len(fields) {
			t.Errorf("%d fields were read as %d, %v", len(fields), len(again), err)
		}
	})
}

func FuzzParseLogin(f *testing.F) {
	f.Add("AidLogin 4611686018427387905:4611686018427387906")
	f.Add("AidLogin :")
	f.Fuzz(func(t *testing.T, header string) {
		d := parseLogin(header)
		if d != (device{}) && parseLogin("AidLogin "+d.name()+":"+d.password()) != d {
			t.Errorf("%q was read as %v", header, d)
		}
	})
}
