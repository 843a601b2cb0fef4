namespace Voucher.Core.Money;

/// <summary>Where public money for training comes from (text 004, 四（三）, 五（二）). Numbers are stored: they never change meaning.</summary>
public enum FundKind : short
{
    /// <summary>中央财政.</summary>
    Central = 1,

    /// <summary>省级财政.</summary>
    Provincial = 2,

    /// <summary>州（市）级财政.</summary>
    Prefecture = 3,

    /// <summary>县级财政预算.</summary>
    County = 4,

    /// <summary>东西部协作资金.</summary>
    EastWest = 5,

    /// <summary>失业保险基金.</summary>
    UnemploymentInsurance = 6,

    /// <summary>财政专项扶贫（衔接）资金.</summary>
    PovertyRelief = 7,

    /// <summary>其他, such as money of the unions or of the league for the disabled (text 000).</summary>
    Other = 99,
}

/// <summary>Kinds of funds by name.</summary>
public static class FundKinds
{
    /// <summary>As screens say it.</summary>
    public static Words Name(this FundKind kind) => kind switch
    {
        FundKind.Central => new("中央财政", "Central budget"),
        FundKind.Provincial => new("省级财政", "Provincial budget"),
        FundKind.Prefecture => new("州（市）级财政", "Prefecture budget"),
        FundKind.County => new("县级财政", "County budget"),
        FundKind.EastWest => new("东西部协作", "East-west cooperation"),
        FundKind.UnemploymentInsurance => new("失业保险基金", "Unemployment insurance"),
        FundKind.PovertyRelief => new("财政专项扶贫", "Poverty relief"),
        FundKind.Other => new("其他", "Other"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of funds."),
    };
}
