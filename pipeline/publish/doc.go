// Package publish provides the staged run directory: what one night produced, complete or absent.
//
//	OUT/.lock                   held with flock while a run works; what it says is only informative
//	OUT/CURRENT                 two lines: the id of the published run, the sha256 of its manifest
//	OUT/runs/ID/manifest.json   what is in the run, among it each file's bytes, rows and sha256
//	OUT/runs/ID/manifest.sha256 the manifest's own digest, in the format of sha256sum
//	OUT/runs/.tmp-*             a stage; never read, removed by the next Open
//	OUT/state/...               what the next night needs of the last, file by file old or new
//
// The way of a run through it:
//
//  1. Open creates OUT, takes the lock and removes what a killed run left behind.
//  2. Stage opens runs/.tmp-ID. Create opens a file in it, exclusively; the Output hashes and counts
//     while it writes; Close flushes, checks the length, fsyncs and closes, every error checked.
//  3. Commit writes the manifest last, fsyncs directories bottom-up, renames the stage to runs/ID,
//     fsyncs runs, and only then moves CURRENT: written beside, fsynced, renamed, directory fsynced.
//  4. Older runs beyond the number to keep are removed, the published one never.
//
// At every instant CURRENT names a run that is whole: the old one or the new one. An id that exists
// already is handled so:
//
//   - runs/ID is not the published run (an older night, or a run killed between the rename and the
//     move of CURRENT): it is renamed aside to a leftover name, the new one takes its place, and the
//     old one is removed.
//   - runs/ID is published, whole, and of the same manifest bytes: it is kept, the stage is dropped.
//   - runs/ID is published and differs, or is damaged: neither replacing nor swapping it is safe,
//     because CURRENT holds the old manifest's digest. The new run takes the fresh name ID.2 (ID.3,
//     ...), its manifest still says ID, and CURRENT moves to it. The old directory stays until pruned.
//
// All access below OUT goes through os.Root, so a planted symlink cannot lead a write outside; where
// a file of ours should stand, a symlink is replaced, not followed.
package publish
