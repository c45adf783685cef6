package crm

import (
	"fmt"
	"strings"
)

// readme says how the files of this batch are loaded.
func (b *Batch) readme(full, delta, removed []string) []byte {
	var t strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&t, format+"\n", args...) }
	say("# %s: %s of run %s\n", b.s.Name, strings.TrimSpace(b.s.Format+" "+b.s.Object), b.run)
	say("| files | rows |\n|---|---|")
	say("| full: %s | %d |", named(full), b.counts.Full)
	say("| delta: %s | %d |", named(delta), b.counts.Delta)
	if b.d.keyless {
		say("| remove: %s | %d |", named(removed), len(b.removed()))
	} else {
		say("| changes.csv, left.csv: for people | %d accounts left |", b.counts.Left)
	}
	since := "no load was marked yet, so it is everything"
	if b.prev != nil {
		since = "since run " + b.prev.Run
	}
	say("\nThe delta holds what changed %s. Load it, or the full files, not both.\n", since)
	b.howTo(say)
	say("\nWhen everything is loaded without errors:\n\n    vitalfew crm ack %s --target %s\n", b.run, b.s.Name)
	say("The next run then counts its delta from here. Without it nothing is lost: the next delta holds these")
	say("rows again.")
	if b.s.Left == LeftKeep && !b.d.keyless {
		say("\nAccounts that left keep what was loaded; left.csv names them (`left: clear` empties their fields, where\nthe target can).")
	}
	return []byte(t.String())
}

func named(files []string) string {
	switch len(files) {
	case 0:
		return "none, nothing to load"
	case 1:
		return files[0]
	}
	return files[0] + " to " + files[len(files)-1]
}

func (b *Batch) howTo(say func(string, ...any)) {
	object, key := b.s.Object, strings.Join(b.s.Key, ", ")
	switch b.s.Format {
	case Salesforce:
		flags := ""
		if b.s.Operation == Upsert {
			flags = " --external-id " + b.s.Key[0]
			say("%s must be an external id of %s. An upsert creates accounts that it does not find.\n", b.s.Key[0], object)
		}
		if b.s.Delimiter != "," {
			flags += " --column-delimiter " + delimiterName(b.s.Delimiter)
		}
		say("    for f in delta-*.csv; do\n      sf data %s bulk --sobject %s%s --line-ending %s --wait 30 --file \"$f\"\n    done\n", b.s.Operation, object, flags, b.s.LineEnd)
		say("Without the CLI: POST job.json to /services/data/vNN.0/jobs/ingest, PUT a file to its contentUrl as text/csv,")
		say("PATCH state UploadComplete, then GET failedResults. In Data Loader take mapping.sdl, UTF-8 and batch files on.\n")
		say("An empty cell leaves a field as it is; %s empties it, which happens to %d cells.", clearMark, b.counts.Cleared)
	case HubSpot:
		say("Once: create the properties of properties.csv for %s.\n", object)
		say("    curl -H \"Authorization: Bearer $TOKEN\" -F \"importRequest=<import-delta.json\" -F files=@delta-0001.csv https://api.hubapi.com/crm/v3/imports\n")
		say("with one -F files=@... for each delta file; or Import > File, update by %s. Wrong picklist values would be left\nblank without an error; they were checked against `values`.\n", key)
		say("An import cannot empty a property: clears.csv names %d that HubSpot still shows and that are unknown now.", b.counts.Cleared)
	case Dataverse:
		say("Once: make an alternate key of %s on %s, and a dataflow from the folder of these files with that key,", key, object)
		say("loading into the existing table. Each refresh is then an upsert. Without a key a dataflow makes new rows every")
		say("night. By hand: Import data, alternate key %s, all its columns mapped; a file is below 8 MB.\n", key)
		say("Days are YYYY-MM-DD: set that date format in the import, else days and months may swap.\nAn empty cell empties the field.")
	case Zoho:
		say("    curl -H \"Authorization: Zoho-oauthtoken $TOKEN\" -H \"feature: bulk-write\" -H \"X-CRM-ORG: $ORG\" -F file=@delta-0001.zip https://content.zohoapis.com/crm/v7/upload\n")
		say("Put the file_id of the answer into job.json and send it:\n")
		say("    curl -H \"Authorization: Zoho-oauthtoken $TOKEN\" -H \"Content-Type: application/json\" -d @job.json https://www.zohoapis.com/crm/bulk/v7/write\n")
		say("and so on for each zip (at most 25,000 rows each). An empty cell empties the field (ignore_empty is false).")
	case GoogleCustomerMatch:
		say("Google Ads > Tools > Audience manager > Customer list, \"already hashed\": remove the users of the remove files")
		say("first, then add those of the delta files. A new list takes the full files. What somebody who stays is found by,")
		say("such as an e-mail that two customers share, is in no remove file.\n")
		say("E-mail, phone and names are SHA-256 of their normal form, country and zip are plain. %d customers have", b.counts.Skipped)
		say("nothing to match by.")
	default:
		say("Key: %s. UTF-8 without a byte order mark, a header, cells quoted only where they must be, empty where\nunknown.", key)
	}
}
