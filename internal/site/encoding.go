package site

import (
	"strconv"
	"strings"
)

// choose returns the variant with the highest weight in the Accept-Encoding fields,
// the smallest among equals (RFC 9110, Section 12.5.3). If none is acceptable it
// returns the unencoded variant, which is better than an empty page.
func choose(variants []variant, accept []string) variant {
	weights := parseAccept(strings.Join(accept, ","))
	best, bestWeight := variants[0], weights.of("")
	for _, v := range variants[1:] {
		weight := weights.of(v.coding)
		if weight > bestWeight || weight == bestWeight && weight > 0 && len(v.body) < len(best.body) {
			best, bestWeight = v, weight
		}
	}
	return best
}

// acceptWeights are weights from 0 to 1 by content coding.
type acceptWeights map[string]float64

func (a acceptWeights) of(coding string) float64 {
	name := coding
	if coding == "" {
		name = "identity"
	}
	if weight, ok := a[name]; ok {
		return weight
	}
	if weight, ok := a["*"]; ok {
		return weight
	}
	if coding == "" {
		return smallestWeight // acceptable unless excluded, but any requested coding is better
	}
	return 0
}

// smallestWeight is below the lowest weight that a browser can request: RFC 9110,
// Section 12.4.2, gives a weight three digits.
const smallestWeight = 0.0001

// parseAccept parses an Accept-Encoding field. It ignores malformed members.
func parseAccept(field string) acceptWeights {
	weights := make(acceptWeights)
	for member := range strings.SplitSeq(strings.ToLower(field), ",") {
		coding, parameter, weighted := strings.Cut(member, ";")
		weight := 1.0
		if weighted {
			name, value, _ := strings.Cut(parameter, "=")
			q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if strings.TrimSpace(name) != "q" || err != nil || !(q >= 0 && q <= 1) {
				continue
			}
			weight = q
		}
		if coding = strings.TrimSpace(coding); coding != "" {
			weights[coding] = weight
		}
	}
	return weights
}
