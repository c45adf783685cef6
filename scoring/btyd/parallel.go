package btyd

// block is the number of patterns that one worker takes at a time. Sums run over blocks of this
// size in order, whatever the number of workers, so that they have the same bits.
const block = 1024
