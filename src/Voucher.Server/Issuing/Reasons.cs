namespace Voucher.Server.Issuing;

/// <summary>The limit on what people give as a reason.</summary>
public static class Reasons
{
    public const int Longest = 200;

    public static List<FieldError>? Fault(string? reason) =>
        reason?.Trim().Length > Longest ? [new FieldError("reason", new($"理由不超过 {Longest} 个字", $"At most {Longest} characters"))] : null;
}
