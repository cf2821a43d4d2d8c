// Bills in the columns of FOCUS, the FinOps Open Cost and Usage Specification, version 1.2 (May 2025), so that whatever
// reads cloud bills reads these.
//
// Source: github.com/FinOps-Open-Cost-and-Usage-Spec/FOCUS_Spec, specification/columns/*.md, each column's requirements and
// allowed values; attributes/unit_format.md. All 21 columns that 1.2 says are mandatory are there, and of the conditional ones
// those for which a broker has something to say; then our own, which begin with x_. The pages were opened as they were between
// 1.0 and 1.2; FOCUS's own validator was not run over what this writes.
//
//   a row                       a part of an attempt's bill: each that is not zero, and energy and capacity always
//   BilledCost                  decimal, six places; the sum over all rows is the bill, exactly. Effective, contracted and list cost
//                               are the same: nobody is granted a discount
//   BillingAccount              the project; BillingPeriod the month, in UTC, in which the attempt ended and so was charged
//   ChargePeriod                from when the attempt was begun for as long as it ran, in whole seconds outwards; its
//                               end, which does not count any more, at least a second later
//   ChargeCategory              Usage. ChargeClass is empty: no row corrects another
//   ServiceCategory             Networking for network, else Compute; ServiceName the class of work
//   PricingUnit, -Quantity      and ConsumedUnit, -Quantity, which are the same:
//                               energy Kilowatt-Hours, capacity Server-Hours (Unit-Hours where the journal does not say what a
//                               server is), network GB, carbon Kilograms (CO2), water Litres
//   ProviderName, InvoiceIssuerName    who runs the broker; PublisherName who is paid (posting.hpp)
//   RegionId                    the site; ResourceId the attempt, as JOURNAL/ATTEMPT
//   x_*                         part, role of who is paid, job, task, pool, host, cause
//
// Null is an empty cell. Unit prices are left out, for an attempt may span hours of several. A text that a spreadsheet would
// take for a formula, one that begins with = + - @ or a control character, gets an apostrophe before it.
#pragma once
#include <string>

#include "hinterland/settle/selection.hpp"

namespace hinterland {

// CSV (RFC 4180), a row of names first. Fails as settle() does for what Selection asks in vain. Of Selection::party, the rows
// that it pays or is paid.
Expected<std::string> focus_csv(const MeteredJournal& metered, const Selection& selection,
                                const std::string& issuer, const std::string& journal);

// A cell of CSV that no spreadsheet takes for a formula.
std::string safe_csv_cell(const std::string& text);
// "-12.000345" from millionths.
std::string exact_decimal(std::int64_t millionths);

}  // namespace hinterland
