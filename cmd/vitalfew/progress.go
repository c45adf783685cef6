package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/vitalfew/vitalfew/pipeline"
	"golang.org/x/term"
)

// progress tells a person at a terminal, or a log in JSON, how a run gets on. It never touches
// stdout.
type progress struct {
	w     io.Writer
	json  bool
	live  bool // a terminal: lines are overwritten
	mu    sync.Mutex
	stage string
	lines int64
	began time.Time
	shown time.Time
}

func newProgress(w io.Writer, format string) *progress {
	f, isFile := w.(*os.File)
	return &progress{w: w, json: format == "json", live: isFile && term.IsTerminal(int(f.Fd())), began: time.Now()}
}

func (p *progress) events() pipeline.Events {
	return pipeline.Events{Stage: p.setStage, Lines: p.addLines}
}

func (p *progress) setStage(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stage = name
	if p.json {
		p.log(map[string]any{"stage": name, "lines": p.lines})
	}
	p.show(true)
}

func (p *progress) addLines(n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines += n
	p.show(false)
}

// show redraws the line, at most ten times a second unless it must.
func (p *progress) show(must bool) {
	if !p.live || p.json || (!must && time.Since(p.shown) < 100*time.Millisecond) {
		return
	}
	p.shown = time.Now()
	fmt.Fprintf(p.w, "\r\x1b[K%s", p.stage)
	if p.lines > 0 {
		fmt.Fprintf(p.w, "  %d lines", p.lines)
	}
}

func (p *progress) log(fields map[string]any) {
	fields["seconds"] = time.Since(p.began).Seconds()
	b, err := json.Marshal(fields)
	if err == nil {
		fmt.Fprintf(p.w, "%s\n", b)
	}
}

func (p *progress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.json {
		p.log(map[string]any{"stage": "done", "lines": p.lines})
	}
	if p.live && !p.json {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
