using Voucher.Server.Register;

namespace Voucher.Server.Api;

/// <summary>What people may give as a reason.</summary>
public static class Reasons
{
    public const int Longest = 200;

    /// <summary>Of the field <c>reason</c>; whether one is needed at all is for the rule to say.</summary>
    public static List<FieldError>? Fault(string? reason)
    {
        var read = new FieldReader();
        read.Text("reason", reason, Longest, isOptional: true);
        // Reasons go to the audit trail, which forgets nothing: a number of an account, a person or a telephone would stand there for good.
        if (reason is not null && Unmasking.HoldsNumber(reason)) read.Fault("reason", Unmasking.NumberInReason);
        return read.Errors is { Count: > 0 } errors ? errors : null;
    }
}
