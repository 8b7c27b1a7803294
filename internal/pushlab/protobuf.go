package pushlab

import (
	"encoding/binary"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// protobufField is a field of a protobuf message: number holds a varint or fixed
// value, text a string, octets or an embedded message.
type protobufField struct {
	id     protowire.Number
	number uint64
	text   []byte
}

// parseProtobuf returns the fields of a message in order. The messages of check-in
// and MCS are few and flat, so reading fields by number is shorter than the code
// generated from their schemas.
func parseProtobuf(message []byte) ([]protobufField, error) {
	var fields []protobufField
	for len(message) > 0 {
		id, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return nil, fmt.Errorf("pushlab: protobuf tag: %w", protowire.ParseError(n))
		}
		size := protowire.ConsumeFieldValue(id, kind, message[n:])
		if size < 0 {
			return nil, fmt.Errorf("pushlab: protobuf field %d: %w", id, protowire.ParseError(size))
		}
		value := message[n : n+size]
		message = message[n+size:]

		field := protobufField{id: id}
		switch kind {
		case protowire.VarintType:
			field.number, _ = protowire.ConsumeVarint(value)
		case protowire.Fixed32Type:
			field.number = uint64(binary.LittleEndian.Uint32(value))
		case protowire.Fixed64Type:
			field.number = binary.LittleEndian.Uint64(value)
		case protowire.BytesType:
			field.text, _ = protowire.ConsumeBytes(value)
		}
		fields = append(fields, field)
	}
	return fields, nil
}

// protobuf builds a message, its fields in the order they are added.
type protobuf []byte

func (b protobuf) number(id protowire.Number, n uint64) protobuf {
	return protowire.AppendVarint(protowire.AppendTag(b, id, protowire.VarintType), n)
}

func (b protobuf) fixed64(id protowire.Number, n uint64) protobuf {
	return protowire.AppendFixed64(protowire.AppendTag(b, id, protowire.Fixed64Type), n)
}

func (b protobuf) text(id protowire.Number, text string) protobuf {
	return protowire.AppendString(protowire.AppendTag(b, id, protowire.BytesType), text)
}

func (b protobuf) bytes(id protowire.Number, octets []byte) protobuf {
	return protowire.AppendBytes(protowire.AppendTag(b, id, protowire.BytesType), octets)
}
