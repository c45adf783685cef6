package pipeline

import (
	"errors"
	"fmt"
)

// Kinds of failure, for whoever maps them to exit codes with errors.Is. Trouble with the lock or
// the disk keeps the kinds of package publish.
var (
	// ErrConfig says that flags or config are not legal; the text lists every fault.
	ErrConfig = errors.New("the config is not legal")
	// ErrInput says that an input is missing, unreadable or breaks its contract.
	ErrInput = errors.New("an input cannot be used")
	// ErrNoTable says that a file holds no record. It comes with ErrInput.
	ErrNoTable = errors.New("no table")
	// ErrRejects says that more lines were rejected than tolerated.
	ErrRejects = errors.New("too many rejects")
	// ErrBooks says that lines or money do not add up: a fault of the program or the machine.
	ErrBooks = errors.New("the books do not balance")
	// ErrMemory says that the night does not fit under the memory ceiling.
	ErrMemory = errors.New("the memory ceiling cannot be kept")
)

// failure gives an error its kind without changing what it says.
type failure struct{ kind, err error }

func (f *failure) Error() string   { return f.err.Error() }
func (f *failure) Unwrap() []error { return []error{f.kind, f.err} }

// as gives err a kind, unless it is nil or has one already.
func as(kind, err error) error {
	var have *failure
	if err == nil || errors.As(err, &have) {
		return err
	}
	return &failure{kind, err}
}

func errSum(what, customer string) error {
	return fmt.Errorf("the %s of customer %q do not fit: amounts beyond 922 trillion; check the units of the export", what, customer)
}
