namespace Voucher.Server.Register;

/// <summary>Shows one person's identity number to someone who says why; the trail keeps who, when and why.</summary>
public sealed class Unmasking(NpgsqlDataSource database, PersonStore people, PersonalData personalData, TimeProvider clock)
{
    public const int LongestReason = 100;

    /// <summary>A reason with this many digits in a row would carry a number into the trail.</summary>
    private const int MostDigitsInRow = 7;

    public async Task<Outcome<IdNumber>> RevealAsync(PersonId person, string? reason, Actor actor)
    {
        if (!actor.May(Permission.ReadWholeRegister)) return Refusal.Of(RefusalCode.NotAllowed);
        if (string.IsNullOrWhiteSpace(reason)) return Refusal.Of(RefusalCode.ReasonMissing);
        if (ProblemOf(reason) is { } problem) return new List<FieldError> { new("reason", problem) };
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await people.SealedNumberAsync(connection, transaction, RegisterScope.Of(actor), person) is not { } secret) return Refusal.Of(RefusalCode.NotFound);
        await AuditTrail.AppendAsync(connection, transaction, clock.GetUtcNow(), actor.Account, "person.unmask", $"person:{person}", reason.Trim(), reason.Trim());
        await transaction.CommitAsync();
        return IdNumber.Parse(personalData.Open(secret));
    }

    /// <summary>What a reason on the trail must not be.</summary>
    internal static Words? ProblemOf(string reason)
    {
        if (reason.Length > LongestReason) return new($"最多{LongestReason}字", $"At most {LongestReason} characters");
        if (reason.Any(char.IsControl) || !IsWhole(reason)) return new("含有不可见的控制字符", "Holds control characters");
        return HoldsNumber(reason) ? NumberInReason : null;
    }

    public static readonly Words NumberInReason = new("理由里不要写证件号码、账号或电话", "Do not write numbers of people or accounts into the reason");

    public static bool HoldsNumber(string reason)
    {
        var digits = 0;
        foreach (var c in reason)
            if ((digits = char.IsDigit(c) ? digits + 1 : 0) > MostDigitsInRow) return true;
        return false;
    }

    private static bool IsWhole(string text) => text.EnumerateRunes().All(rune => rune.Value != 0xFFFD);
}
