// Package synth is a synthetic B2B company whose true parameters are known: the data behind the
// demo, the benchmarks and the tests that ask whether a model finds what was put in.
//
//  1. Params says what the company is like; Demo and Scale are two that work. Validate lists every
//     fault.
//  2. New draws the catalogue and one compact record per customer (story, purchase rate, dropout,
//     order value, margin), each from a random stream of its own, derived from the seed and the
//     customer's number. With an exact number of lines asked for, it counts the orders once.
//  3. WriteOrders walks the days. A calendar queue holds the next order of every customer, so the
//     memory is a few dozen bytes per customer and does not grow with lines; an order's content
//     comes from a stream of (seed, customer, order), so it can be drawn at any time, in any order.
//  4. WriteCRM, WriteProducts, WriteTruth and WriteTruthJSON write what belongs to the orders: the
//     accounts, the catalogue, and what is true.
//
// # The process
//
// Purchases follow Pareto/NBD: while alive a customer orders at rate λ per day, λ ~ Gamma(R, Alpha),
// and drops out after an exponential lifetime with rate μ ~ Gamma(S, Beta), counted from the first
// order in the data (Schmittlein, Morrison and Colombo 1987, doi:10.1287/mnsc.33.1.1). The day of
// the first order does not depend on λ or μ, so the likelihood holds for the file as it is. Values
// follow Gamma-Gamma: z ~ Gamma(P, ν) with ν ~ Gamma(Q, Gamma), second arguments being rates (Fader
// and Hardie 2013, http://brucehardie.com/notes/025/). Stories (Key, ThinMargin, Fading, ...)
// replace these draws for a share of the customers. A season stretches time, so it moves orders
// and keeps the process.
//
// # Exactness and determinism
//
// Prices have two decimals, discounts are whole percents and quantities whole pieces, so every line
// amount is a whole number of 1/10,000 and every total is exact. The bytes depend on Params and the
// output options alone. Models draw in float64: another processor architecture may fuse operations
// and differ.
package synth
