namespace Voucher.Core.Vouchers;

/// <summary>The kinds of voucher in use. Four bits in the token; numbers never change meaning.</summary>
public enum VoucherKind : short
{
    /// <summary>面值券: pays up to its face value.</summary>
    FaceValue = 1,

    /// <summary>抵用券: offsets part of a price.</summary>
    Offset = 2,

    /// <summary>通用券: any programme.</summary>
    General = 3,

    /// <summary>定向券: one programme or one trade.</summary>
    Directed = 4,
}

public static class VoucherKinds
{
    public static Words Name(this VoucherKind kind) => kind switch
    {
        VoucherKind.FaceValue => new("面值券", "Face-value voucher"),
        VoucherKind.Offset => new("抵用券", "Offset voucher"),
        VoucherKind.General => new("通用券", "General voucher"),
        VoucherKind.Directed => new("定向券", "Directed voucher"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of voucher."),
    };
}
