package pipeline

import "sync"

// reasons writes every customer's reason, in parallel over ranges of customers: each range prints
// into one buffer and cuts its texts from it.
func (f *Figures) reasons(workers int) []string {
	const span = 4096
	out := make([]string, len(f.Root))
	tasks := make(chan int)
	var wg sync.WaitGroup
	for range max(1, workers) {
		wg.Go(func() {
			var buf []byte
			var ends []int
			for lo := range tasks {
				buf, ends = buf[:0], ends[:0]
				hi := min(lo+span, len(out))
				for i := lo; i < hi; i++ {
					buf = f.AppendReason(buf, i)
					ends = append(ends, len(buf))
				}
				text, start := string(buf), 0
				for k, end := range ends {
					out[lo+k] = text[start:end]
					start = end
				}
			}
		})
	}
	for lo := 0; lo < len(out); lo += span {
		tasks <- lo
	}
	close(tasks)
	wg.Wait()
	return out
}
