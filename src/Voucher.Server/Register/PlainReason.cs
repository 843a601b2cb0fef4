using Voucher.Server.Api;

namespace Voucher.Server.Register;

/// <summary>Why somebody did something to a person's record: it goes into the audit trail, which holds no numbers of people.</summary>
public static class PlainReason
{
    /// <summary>A reason with more digits in a row would carry a number into the trail.</summary>
    public const int MostDigitsInRow = 7;

    /// <summary>The reason, trimmed; a problem is noted for the field <c>reason</c>.</summary>
    public static string Read(FieldReader read, string? given)
    {
        var reason = read.Text("reason", given, Reasons.Longest);
        var digits = 0;
        foreach (var c in reason)
        {
            if ((digits = char.IsDigit(c) ? digits + 1 : 0) <= MostDigitsInRow) continue;
            read.Fault("reason", new("理由里不要写证件号码或电话", "Do not write numbers of people into the reason"));
            break;
        }
        return reason;
    }
}
