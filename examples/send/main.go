// Command send sends a push message to one subscription.
//
//	send --new-key > key                             make an application server key
//	send --key key "Hello" < subscription.json       send with it
//	send --key key --ttl 1h subscription.json "Hello"
//
// --new-key prints the private key on standard output and the public key on standard
// error. A page passes the public key to pushManager.subscribe as applicationServerKey.
// The subscription is the result of subscribe, formatted by JSON.stringify.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"time"

	"pushcall/webpush"
	"pushcall/webpush/webpushhttp"
)

func main() {
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, args []string, in io.Reader, out, notes io.Writer) error {
	flags := flag.NewFlagSet("send", flag.ExitOnError)
	newKey := flags.Bool("new-key", false, "make an application server key, and print it")
	keyFile := flags.String("key", "key", "`file` with the application server key")
	subject := flags.String("subject", "", "how to reach you, mailto:… or https://…; Apple's service wants it")
	ttl := flags.Duration("ttl", time.Minute, "how long to try, and the push service to keep the message")
	local := flags.Bool("local", false, "reach push services on this machine or network, too")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *newKey {
		return writeKey(out, notes)
	}
	sub, text, err := message(flags.Args(), in)
	if err != nil {
		return err
	}
	vapid, err := readKey(*keyFile, *subject)
	if err != nil {
		return err
	}
	var client *http.Client // nil: public addresses only
	if *local {
		client = http.DefaultClient
	}
	options := webpush.Options{TTL: *ttl, Urgency: webpush.UrgencyHigh}
	err = webpushhttp.New(vapid, client).Send(ctx, sub, []byte(text), options)
	if errors.Is(err, webpush.ErrGone) {
		return fmt.Errorf("the browser has unsubscribed, so delete this subscription: %w", err)
	}
	return err
}

// message reads the subscription from the file in the first argument, or from in.
func message(args []string, in io.Reader) (sub webpush.Subscription, text string, err error) {
	switch len(args) {
	case 1:
	case 2:
		file, err := os.Open(args[0])
		if err != nil {
			return sub, "", err
		}
		defer file.Close()
		in, args = file, args[1:]
	default:
		return sub, "", errors.New("usage: send [flags] [subscription.json] TEXT")
	}
	err = json.NewDecoder(in).Decode(&sub)
	return sub, args[0], err
}

// writeKey makes an application server key and writes the private key to out, the
// public key to notes.
func writeKey(out, notes io.Writer) error {
	key, err := webpush.GenerateApplicationServerKey()
	if err != nil {
		return err
	}
	private, err := key.MarshalText()
	if err != nil {
		return err
	}
	fmt.Fprintf(notes, "applicationServerKey: %s\n", key.Public())
	_, err = fmt.Fprintf(out, "%s\n", private)
	return err
}

func readKey(name, subject string) (*webpush.VAPID, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("%w; send --new-key makes one", err)
	}
	key, err := webpush.ParseApplicationServerKey(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return webpush.NewVAPID(webpush.NewSigner(key), subject)
}
