// Command pushcall serves the page and relays its push messages.
//
//	pushcall serve    the page and the relay on one origin
//	pushcall relay    the relay alone, for a page that is hosted elsewhere
//	pushcall lab      the page with push services of its own, without network
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"
	"text/tabwriter"
)

// A command is a subcommand, chosen by the first argument.
type command struct {
	name, does string
	run        func(ctx context.Context, args []string) error
}

func commands() []command {
	return []command{
		{"serve", "serve the page and the relay on one origin", serveCommand},
		{"relay", "run the relay alone, for a page that is hosted elsewhere", relayCommand},
		{"lab", "serve the page with push services of its own, without network", labCommand},
	}
}

func main() {
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // so that the second signal ends the program at once
	err := run(ctx, os.Args[1:])
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		log.Fatalf("pushcall: %v", err)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New("say what to do; pushcall help tells what there is")
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		return usage(os.Stdout)
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return c.run(ctx, args[1:])
		}
	}
	return fmt.Errorf("there is no command %q; pushcall help tells what there is", args[0])
}

func usage(w io.Writer) error {
	fmt.Fprint(w, "Pushcall: a phone number for your browser.\n\n")
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	for _, c := range commands() {
		fmt.Fprintf(table, "  pushcall %s\t%s\n", c.name, c.does)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprint(w, "\nThe options of a command: pushcall COMMAND --help\n")
	return err
}

// newFlags returns the options of a command. An error is one sentence, without the
// list of all options that package flag would print.
func newFlags(command string) *flag.FlagSet {
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	return flags
}

// parse parses a command's arguments. Arguments that are no options are an error.
func parse(flags *flag.FlagSet, args []string) error {
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		flags.SetOutput(os.Stdout)
		fmt.Printf("Options of pushcall %s:\n", flags.Name())
		flags.PrintDefaults()
		return err
	case err != nil:
		return fmt.Errorf("%w; pushcall %s --help tells the options", err, flags.Name())
	case flags.NArg() > 0:
		return fmt.Errorf("%q is not an option of pushcall %s", flags.Arg(0), flags.Name())
	}
	return nil
}
