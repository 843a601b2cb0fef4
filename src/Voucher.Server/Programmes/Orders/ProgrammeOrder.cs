namespace Voucher.Server.Programmes.Orders;

/// <summary>An employer's order (订单): the post that trainees are taught for, and how many.</summary>
/// <param name="Agency">Labour agency of embedded training (“岗位+劳务机构+培训”, text 004 三（二）); empty when none.</param>
/// <param name="Hired">How many the employer has taken on; <c>null</c> while that is not known.</param>
public sealed record ProgrammeOrder(
    int Id, ProgrammeId ProgrammeId, string Employer, string EmployerUscc, string Post, string Agency, int Size, DateTimeOffset PlacedAt, int? Hired);
