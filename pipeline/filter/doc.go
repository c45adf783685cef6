// Package filter provides a condition over the columns of a table, in the words of SQL.
//
//	region = 'North' and key_score > 80
//	tier in ('core', 'key') and not (credit_state = 'GOOD' or overdue_ratio is null)
//	last_day between '2024-01-01' and '2024-06-30' and name like 'A%'
//
// From the words to the rows:
//
//  1. Parse reads the text. Compile resolves the columns, holds every literal against the kind of its
//     column and makes a Condition; a fault is an *Error that shows the place.
//  2. Possible says, from the bounds that a file states of a row group, whether any row of it can match,
//     so that the others are never read.
//  3. Select runs column by column over the rows of a table and keeps those for which the condition is
//     true.
//
// The grammar, keywords and column names in any case:
//
//	condition  = conjunction { "or" conjunction }
//	conjunction = negation { "and" negation }
//	negation   = "not" negation | "(" condition ")" | predicate
//	predicate  = operand ( "=" | "==" | "!=" | "<>" | "<" | "<=" | ">" | ">=" ) operand
//	           | column [ "not" ] "in" "(" literal { "," literal } ")"
//	           | column [ "not" ] "between" literal "and" literal
//	           | column [ "not" ] "like" text
//	           | column "is" [ "not" ] "null"
//	           | column                              of yes and no
//	operand    = column | literal
//	literal    = 'text', '' within it for one quote | number | 'YYYY-MM-DD' for days | true | false
//	column     = letters, digits and _ | "any name", "" within it for one quote
//
// Meaning: null is unknown, so a predicate on a null cell is neither true nor false, and neither is its
// negation (three-valued logic, as in ISO/IEC 9075-2, 8.1 to 8.21); is null and is not null are always
// one of the two. Text compares by its bytes, with the case as written. In a pattern, % is any text, _
// any one character, and \ takes the next character as it is. Numbers are exact: against counts, money
// and quantities a literal is compared as the decimal that it says, against rates as the double nearest
// to it. Two columns of different number kinds are compared as doubles.
package filter
