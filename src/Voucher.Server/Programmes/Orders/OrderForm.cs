using Voucher.Server.Api;
using Voucher.Server.Institutions;

namespace Voucher.Server.Programmes.Orders;

/// <summary>What a clerk fills in for an employer's order.</summary>
/// <param name="Employer">2–60 characters.</param>
/// <param name="EmployerUscc">统一社会信用代码, 18 characters.</param>
/// <param name="Post">岗位, 1–40 characters.</param>
/// <param name="Agency">Labour agency, at most 60 characters; may be left out.</param>
/// <param name="Size">People wanted, 1–10,000.</param>
public sealed record OrderForm(string? Employer, string? EmployerUscc, string? Post, string? Agency, int? Size)
{
    public const int LongestName = 60;
    public const int LongestPost = 40;
    public const int LargestSize = 10_000;

    public static readonly OrderForm Empty = new(null, null, null, null, null);

    public (OrderEntry Entry, List<FieldError> Errors) Read()
    {
        var read = new FieldReader();
        if (Uscc.TryParse(EmployerUscc, out var uscc) is var fault and not UsccFault.None) read.Fault("employerUscc", UsccFaults.Explain(fault));
        var entry = new OrderEntry(
            read.Text("employer", Employer, LongestName, shortest: 2),
            uscc,
            read.Text("post", Post, LongestPost),
            read.Text("agency", Agency, LongestName, isOptional: true),
            read.Number("size", Size, 1, LargestSize));
        return (entry, read.Errors);
    }
}

/// <summary>A form that was read.</summary>
public sealed record OrderEntry(string Employer, Uscc EmployerUscc, string Post, string Agency, int Size);
