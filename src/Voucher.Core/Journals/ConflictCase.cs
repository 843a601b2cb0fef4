using System.Globalization;

namespace Voucher.Core.Journals;

/// <summary>A case of several claims on one voucher: the same number on every desk and in the portal.</summary>
public static class ConflictCase
{
    /// <summary>As said on the telephone: <c>ZY000123</c> (争议).</summary>
    public static string NumberOf(long id) => string.Create(CultureInfo.InvariantCulture, $"ZY{id:D6}");
}
