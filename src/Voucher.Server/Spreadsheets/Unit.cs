namespace Voucher.Server.Spreadsheets;

/// <summary>What the numbers of a column count; it stands behind the header's title, as in 面值（元）.</summary>
public static class Unit
{
    public static readonly Words Yuan = new("元", "yuan");
    public static readonly Words People = new("人", "people");
    public static readonly Words Hours = new("课时", "hours");
    public static readonly Words Sessions = new("课次", "sessions");
    public static readonly Words Percent = new("%", "%");
    public static readonly Words Vouchers = new("张", "vouchers");
    public static readonly Words Rows = new("行", "rows");
    public static readonly Words Times = new("次", "times");
    public static readonly Words Points = new("分", "points");
    public static readonly Words Age = new("岁", "years");
    public static readonly Words Institutions = new("家", "institutions");
    public static readonly Words Households = new("户", "households");
    public static readonly Words Villages = new("个", "villages");
    public static readonly Words Items = new("项", "items");
    public static readonly Words Rooms = new("间", "rooms");
    public static readonly Words SquareMetres = new("平方米", "m²");
    public static readonly Words Kilobytes = new("KB", "KB");
    public static readonly Words Months = new("个月", "months");
    public static readonly Words Seconds = new("秒", "seconds");
}
