// Package crm provides the files that CRM tools and ad platforms load, from the customer table.
//
//  1. Settings name a target: its format, object, key and the field that each column goes to.
//     Validate returns every fault that shows before any data is read.
//  2. Prepare renders the mapped columns of the chosen rows as the text that the target takes, and
//     checks them all: key present and unique, picklists, lengths, forms of numbers and dates, line
//     breaks, sizes. A fault names its row, and nothing is written.
//  3. Prepare compares the values with the State that the last load left: the rows that changed are
//     the delta, values that are unknown now but were loaded before are cleared, accounts that are
//     no longer among the rows have left.
//  4. Batch.Write writes full and delta files below the size and row limits of the target, each part
//     with the header, and beside them the mapping, job and README that loading needs.
//  5. One of the files is the State after this load. Whoever has loaded the run keeps it
//     (`vitalfew crm ack`), and the next run compares with it.
//
// Data files are for machines and hold exact text; changes.csv, left.csv, clears.csv and fields.csv
// are for people and pass through package formula. All bytes are a function of table, rows, settings,
// state and run id.
//
// The rules of the formats are those of public documentation: Salesforce Bulk API 2.0 (data files,
// limits, line ending), Data Loader mapping files, HubSpot import files and imports API, Dataverse
// import and dataflows, Zoho bulk write, Google Customer Match (help 7475964, 7659867).
package crm
