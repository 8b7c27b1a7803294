//go:build js && wasm

package page

// numberDone says what became of the wish for a new number.
func (p *Page) numberDone(told, failed int, err error) {
	if err != nil {
		p.number.done(say("You still have the old number.") + " " + sayRefused(err).sentence)
		return
	}
	p.number.done(sentenceOfNumber(told, failed))
}

// sentenceOfNumber says who knows the new number.
func sentenceOfNumber(told, failed int) string {
	s := say("You have a new number.")
	if told == 0 && failed == 0 {
		return s + " " + say("Send your new card to your friends.")
	}
	if told > 0 {
		s += " " + sayMany(told, "{n} friend was told.", "{n} friends were told.")
	}
	if failed > 0 {
		s += " " + sayMany(failed, "{n} could not be told: send them your new card.", "{n} could not be told: send them your new card.")
	}
	return s
}
