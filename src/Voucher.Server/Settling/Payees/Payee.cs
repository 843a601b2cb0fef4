namespace Voucher.Server.Settling.Payees;

/// <summary>Whom money goes to: an institution or a trainee.</summary>
public sealed record PayeeOwner(InstitutionId? Institution, PersonId? Person)
{
    public static PayeeOwner Of(InstitutionId institution) => new(institution, null);

    public static PayeeOwner Of(PersonId person) => new(null, person);

    /// <summary>For the audit trail: <c>institution:7</c>.</summary>
    public string Subject => Institution is { } institution ? $"institution:{institution}" : $"person:{Person}";

    /// <summary>Of the page with the accounts.</summary>
    public string Path => Institution is { } institution ? $"/settling/payees/institution/{institution}" : $"/settling/payees/person/{Person}";
}

/// <summary>An account to which money may go on the day that was asked for; the number sealed.</summary>
public sealed record UsablePayee(
    int Id, string HolderName, string Bank, byte[] AccountSealed, string AccountMasked, StaffId? ProposedBy, StaffId? VerifiedBy);

/// <summary>How far an account is.</summary>
public enum PayeeState
{
    /// <summary>待核实.</summary>
    Proposed,

    /// <summary>等候期: verified, and usable from a later day on.</summary>
    Waiting,

    /// <summary>在用.</summary>
    InUse,

    /// <summary>已停用: replaced by a later one, or ended by a person.</summary>
    Ended,
}

/// <summary>An account as the county's people see it: masked.</summary>
public sealed record PayeeAccount(
    int Id, PayeeOwner Owner, string Payee, string HolderName, string Bank, string AccountMasked, string? Reason, string? SharedReason,
    string? ProposedBy, DateTimeOffset ProposedAt, string? VerifiedBy, DateTimeOffset? VerifiedAt, DateOnly? UsableFrom, DateOnly? ReplacedFrom,
    string? EndedBy, DateTimeOffset? EndedAt, string? EndReason, string? AlsoOf)
{
    /// <summary>A verified account is in use from its day until the day of the next one.</summary>
    public PayeeState StateOn(DateOnly today) =>
        EndedAt is not null || ReplacedFrom <= today ? PayeeState.Ended
        : UsableFrom is not { } from ? PayeeState.Proposed
        : from > today ? PayeeState.Waiting
        : PayeeState.InUse;
}

public static class PayeeWords
{
    public static Words Name(this PayeeState state) => state switch
    {
        PayeeState.Proposed => new("待核实", "To be verified"),
        PayeeState.Waiting => new("等候期", "Waiting time"),
        PayeeState.InUse => new("在用", "In use"),
        PayeeState.Ended => new("已停用", "Ended"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown state of an account."),
    };

    public static readonly Words Proposal = new("提出收款账户", "proposed the payee account");
    public static readonly Words Verification = new("核实收款账户", "verified the payee account");
}
