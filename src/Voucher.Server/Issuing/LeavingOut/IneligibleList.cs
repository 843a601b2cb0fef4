using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Voucher.Server.Issuing.LeavingOut;

/// <summary>One of a batch who may no longer have a voucher.</summary>
/// <param name="ReasonNumbers">Numbers of <see cref="Core.Issuing.Ineligibility"/> in order of precedence, with commas; never empty.</param>
public sealed record IneligiblePerson(PersonId Id, string ReasonNumbers);

/// <summary>All of a batch who may no longer have a voucher, in the order of delivery.</summary>
public sealed record IneligibleList(IReadOnlyList<IneligiblePerson> People)
{
    /// <summary>
    /// Lists of the same people for the same reasons have the same mark, wherever they live by now: 64 hexadecimal digits that tell
    /// nothing of a person.
    /// </summary>
    public string Mark { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', People.OrderBy(person => person.Id.Value).Select(person => string.Create(CultureInfo.InvariantCulture, $"{person.Id.Value}:{person.ReasonNumbers}"))))));
}
