//go:build js && wasm

package page

// numberDone says what became of the wish for a new number.
func (p *Page) numberDone(told, failed int, err error) {
	if err != nil {
		p.number.done(say("You still have the old number.") + " " + voice.SayRefused(err).Sentence)
		return
	}
	p.number.done(voice.SentenceOfNumber(told, failed))
}
