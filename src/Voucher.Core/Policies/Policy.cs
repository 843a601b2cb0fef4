using Voucher.Core.Money;
using Voucher.Core.Programmes;
using Voucher.Core.Regions;

namespace Voucher.Core.Policies;

/// <summary>
/// A policy pack: one version of a county's rules, as data. Everything that refuses or counts money cites it.
/// </summary>
/// <param name="DocumentNo">文号, for example 东县府办发〔2020〕57号.</param>
/// <param name="Clauses">Which clause of the document each kind of rule rests on.</param>
public sealed record Policy(
    PolicyId Id,
    RegionCode Region,
    string DocumentNo,
    string Title,
    int Version,
    DateOnly EffectiveFrom,
    DateOnly? EffectiveUntil,
    PolicyParameters Parameters,
    IReadOnlyDictionary<Clause, string> Clauses)
{
    public bool IsInForceOn(DateOnly day) => EffectiveFrom <= day && (EffectiveUntil is not { } until || day <= until);

    /// <summary>The rule behind a decision, as it is cited: document, version, clause.</summary>
    public Rule RuleOf(Clause clause) =>
        new(DocumentNo, Version, Clauses.TryGetValue(clause, out var text) ? text : Clauses[Clause.Voucher]);

    /// <summary>What a trainee of the trade and level is paid for, and how it comes about.</summary>
    /// <param name="ownStandard">The programme's own standard, for what the pack does not list.</param>
    public Subsidy SubsidyFor(int trade, SkillLevel level, Fen ownStandard) => Subsidy.Under(this, trade, level, ownStandard);
}

/// <summary>A cited rule: document number, version of the pack, clause.</summary>
public sealed record Rule(string DocumentNo, int Version, string Clause)
{
    /// <summary>As it is cited everywhere: 东县府办发〔2020〕57号（第1版） 三（六）.</summary>
    public override string ToString() => $"{DocumentNo}（第{Version}版） {Clause}";
}

/// <summary>The kinds of rule that a decision can rest on.</summary>
public enum Clause
{
    /// <summary>Issue, use and settlement by voucher, and the fight against resale.</summary>
    Voucher = 1,

    /// <summary>The laborer chooses institution and programme freely.</summary>
    FreeChoice = 2,

    /// <summary>Accreditation and scale of institutions.</summary>
    Institutions = 3,

    /// <summary>Registers, attendance, roll call, no signing for others.</summary>
    Attendance = 4,

    /// <summary>Practice and theory hours.</summary>
    Practice = 5,

    /// <summary>Assessment and completion.</summary>
    Completion = 6,

    /// <summary>Spot checks of classes.</summary>
    SpotCheck = 7,

    /// <summary>Who approves is responsible.</summary>
    Responsibility = 8,

    /// <summary>Use of funds.</summary>
    Funds = 9,

    /// <summary>Who may have a voucher.</summary>
    Eligibility = 10,

    /// <summary>Subsidy by trade and level.</summary>
    Subsidy = 11,

    /// <summary>The guided catalogue and its uplift.</summary>
    Catalogue = 12,

    /// <summary>Hours of safety in high-risk trades.</summary>
    Safety = 13,

    /// <summary>Training at work (以工代训).</summary>
    WorkTraining = 14,

    /// <summary>Living and transport allowance.</summary>
    Allowance = 15,

    /// <summary>Matching with outside registers.</summary>
    Matching = 16,

    /// <summary>Handing out vouchers and the policy package.</summary>
    Delivery = 17,

    /// <summary>Targets and their distribution.</summary>
    Plan = 18,

    /// <summary>Reporting of progress.</summary>
    Reporting = 19,

    /// <summary>Plans, syllabuses and textbooks.</summary>
    Teaching = 20,

    /// <summary>Publication of what is to be paid (公示).</summary>
    Publication = 21,

    /// <summary>Payment: accounts, money kept back, corrections.</summary>
    Payment = 22,

    /// <summary>Taking back what was wrongly paid (追回).</summary>
    Recovery = 23,

    /// <summary>Warning, rectification by a date, suspension, licence withdrawn.</summary>
    Consequences = 24,

    /// <summary>What colleges keep of their training income.</summary>
    CollegeCosts = 25,

    /// <summary>What is promised beside the voucher: for founding a business, taking on workers, students.</summary>
    Promises = 26,
}
