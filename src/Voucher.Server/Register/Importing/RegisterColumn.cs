using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;

namespace Voucher.Server.Register.Importing;

/// <summary>A column of the 花名册, or one that the county may add. Names are stored with what a clerk has said of a layout.</summary>
public enum RegisterColumn
{
    Number,
    Name,
    Sex,
    Education,
    Age,
    IdNumber,
    Phone,
    HouseholdPlace,
    HouseholdKind,
    PledgedEmployer,
    Township,
    Categories,
    BirthDate,
    HouseholdNumber,
    Relation,
    LabourAbility,
    Village,
    Employment,
    Wishes,
}

/// <summary>The titles of the columns, and what else people write in their place.</summary>
public static partial class RegisterColumns
{
    /// <summary>In the order of the form.</summary>
    public static readonly IReadOnlyList<(RegisterColumn Column, string Title, string[] Synonyms)> All =
    [
        (RegisterColumn.Number, "序号", ["编号", "序", "no"]),
        (RegisterColumn.Name, "姓名", ["名字", "学员姓名", "劳动者姓名", "人员姓名", "name"]),
        (RegisterColumn.Sex, "性别", ["sex"]),
        (RegisterColumn.Education, "学历", ["文化程度", "受教育程度", "最高学历", "education"]),
        (RegisterColumn.Age, "年龄", ["周岁", "age"]),
        (RegisterColumn.IdNumber, "身份证号码", ["身份证号", "身份证", "公民身份号码", "公民身份证号码", "公民身份证号", "居民身份证号码", "居民身份证号", "身份号码", "证件号码", "证件号", "idnumber"]),
        (RegisterColumn.Phone, "联系电话", ["电话", "电话号码", "手机", "手机号", "手机号码", "联系方式", "本人电话", "联系手机", "phone"]),
        (RegisterColumn.HouseholdPlace, "户口所在地", ["户籍所在地", "户籍地", "户籍地址", "户籍", "家庭住址", "家庭地址", "住址", "地址"]),
        (RegisterColumn.HouseholdKind, "户口性质", ["户籍性质", "户口类别", "户口类型"]),
        (RegisterColumn.PledgedEmployer, "就业安排承诺单位", ["就业承诺单位", "承诺单位", "就业安排单位", "就业单位"]),
        (RegisterColumn.Township, "乡镇", ["所在乡镇", "所属乡镇", "乡镇名称", "township"]),
        (RegisterColumn.Categories, "人员类别", ["类别", "人员类型", "身份类别", "人员性质", "category"]),
        (RegisterColumn.BirthDate, "出生日期", ["出生年月日", "出生年月", "生日", "birthdate"]),
        (RegisterColumn.HouseholdNumber, "户编号", ["户号", "家庭编号", "建档立卡户编号"]),
        (RegisterColumn.Relation, "与户主关系", ["户主关系", "与户主的关系", "家庭关系"]),
        (RegisterColumn.LabourAbility, "劳动能力", ["劳动技能", "劳动力类型", "劳动力状况"]),
        (RegisterColumn.Village, "村", ["行政村", "村名", "所在村", "所属村", "行政村名称", "村居", "village"]),
        (RegisterColumn.Employment, "就业状态", ["就业状况", "就业情况", "务工状态"]),
        (RegisterColumn.Wishes, "培训意愿", ["意愿工种", "培训意愿工种", "培训需求", "拟培训工种", "意向工种"]),
    ];

    private static readonly FrozenDictionary<string, RegisterColumn> ByTitle = All
        .SelectMany(entry => entry.Synonyms.Prepend(entry.Title).Select(title => (title, entry.Column)))
        .ToFrozenDictionary(pair => pair.title, pair => pair.Column);

    public static string Title(this RegisterColumn column) => All.First(entry => entry.Column == column).Title;

    /// <summary>
    /// The column that a header cell names. Blanks, line breaks, full-width forms, stars and colons do not matter; a remark in
    /// brackets may be part of the title (乡(镇)) or not (年龄(周岁)).
    /// </summary>
    public static RegisterColumn? Named(string title)
    {
        var normal = Normalise(title);
        return Find(Brackets().Replace(normal, "")) ?? Find(Remark().Replace(normal, ""));
    }

    /// <summary>How titles are compared; also what a layout is known by.</summary>
    public static string Plain(string title) => Normalise(title);

    private static RegisterColumn? Find(string title) => ByTitle.TryGetValue(title, out var column) ? column : null;

    private static string Normalise(string title) => string.Concat(title.Normalize(NormalizationForm.FormKC)
        .Where(c => !char.IsWhiteSpace(c) && c is not ('*' or ':' or '：' or '、' or '/' or '\uFEFF'))
        .Select(char.ToLowerInvariant));

    [GeneratedRegex(@"[()\[\]【】]", RegexOptions.None, matchTimeoutMilliseconds: 200)]
    private static partial Regex Brackets();

    [GeneratedRegex(@"[(\[【][^()\[\]【】]*[)\]】]", RegexOptions.None, matchTimeoutMilliseconds: 200)]
    private static partial Regex Remark();
}
