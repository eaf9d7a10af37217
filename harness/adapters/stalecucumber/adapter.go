// Assay's adapter for stalecucumber. What the two of them decide is told in README.md.
package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/hydrogen18/stalecucumber"
)

type request struct {
	Op      string
	ID      *string
	Format  string
	Data    string
	Options map[string]interface{}
}

// Counts what was read, and keeps the last byte: inside a resolver it is the
// opcode at hand, since the library reads no further than it must.
type stream struct {
	data []byte
	at   int
}

func (s *stream) Read(into []byte) (int, error) {
	if s.at == len(s.data) {
		return 0, fmt.Errorf("end of input")
	}
	n := copy(into, s.data[s.at:])
	s.at += n
	return n, nil
}

func (s *stream) last() byte { return s.data[s.at-1] }

// Names nothing that it knows: records what would have been called.
type recorder struct {
	input    *stream
	symbolic bool
}

func (r recorder) Resolve(module string, name string, args []interface{}) (interface{}, error) {
	if r.input.last() == 'b' { // BUILD puts the state behind the arguments of INST
		at := len(args) - 1
		return &call{module, name, args[:at], args[at:]}, nil
	}
	if !r.symbolic {
		if value, err := resolve(module, name, args); value != nil || err != nil {
			return value, err
		}
	}
	return &call{module, name, args, nil}, nil
}

func decode(data []byte, symbolic bool) map[string]interface{} {
	input := &stream{data: data}
	chain := stalecucumber.MakePythonResolverChain(recorder{input, symbolic})
	if !symbolic {
		chain = append(stalecucumber.PythonResolverChain{stalecucumber.PythonBuiltinResolver{}}, chain...)
	}
	value, err := stalecucumber.UnpickleWithResolver(input, chain)
	if err != nil {
		var machine stalecucumber.PickleMachineError
		if errors.As(err, &machine) && machine.Err == stalecucumber.ErrOpcodeNotImplemented {
			return fields("unsupported", fmt.Sprintf("opcode 0x%x: %v", machine.Opcode, machine.Err))
		}
		return map[string]interface{}{"error": "PickleMachineError", "message": fmt.Sprintf("%+q", err.Error())}
	}
	return map[string]interface{}{"value": valueText(value), "consumed": input.at}
}

func fields(name string, value string) map[string]interface{} {
	return map[string]interface{}{name: value}
}

func answer(asked request) map[string]interface{} {
	if asked.Op == "hello" {
		return map[string]interface{}{
			"implementation": "stalecucumber", "version": version, "language": "Go", "window": 16,
			"formats": []string{"pickle:decode:0-2"}, "identity": "none",
			"lossy": []string{"tuple=list", "dict=unordered"}}
	}
	if asked.Op != "decode" || asked.Format != "pickle" {
		return fields("unsupported", asked.Op+" "+asked.Format)
	}
	for option := range asked.Options {
		if option != "symbolic" && option != "fix_imports" && option != "persistent" {
			return fields("unsupported", "option "+option)
		}
	}
	data, err := hex.DecodeString(asked.Data)
	if err != nil {
		return map[string]interface{}{"error": "ProtocolError", "message": err.Error()}
	}
	symbolic, _ := asked.Options["symbolic"].(bool)
	asNames = symbolic
	return decode(data, symbolic)
}

func main() {
	lines := bufio.NewReader(os.Stdin)
	for {
		line, _ := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) == 0 {
			return
		}
		var asked request
		var answered map[string]interface{}
		if err := json.Unmarshal(line, &asked); err != nil {
			answered = map[string]interface{}{"error": "ProtocolError", "message": fmt.Sprintf("%+q", err.Error())}
		} else if asked.Op == "bye" {
			return
		} else {
			answered = answer(asked)
		}
		if asked.ID != nil {
			answered["id"] = *asked.ID
		}
		text, _ := json.Marshal(answered)
		os.Stdout.Write(append(text, '\n'))
	}
}
